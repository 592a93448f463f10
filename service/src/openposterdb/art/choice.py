"""Which of the pictures there are is the one wanted: pure decisions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

from openposterdb.caching.keys import Tier
from openposterdb.domain import ImageKind
from openposterdb.settings.languages import FALLBACK_LANGUAGE, TEXTLESS, general_language, normal_language
from openposterdb.upstreams.fanart import FanartEntry

TmdbSize = Literal["w780", "original"]
Service = Literal["tmdb", "fanart"]

_UNKNOWN_LANGUAGE: Final = ""
_LONGEST_LANGUAGE: Final = 5
_LONGEST_URL: Final = 2048
_SAFE_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request prefers. `lang_given` is true when the request itself named the language, in its normal spelling."""

    kind: ImageKind
    source: Literal["t", "f"] = "t"
    lang: str = FALLBACK_LANGUAGE
    lang_given: bool = False
    textless: bool = False
    tmdb_size: TmdbSize = "w780"

    @property
    def prefers_fanart(self) -> bool:
        """Whether Fanart's art comes first: always for logos and backdrops, which TMDB is not asked for."""
        return self.kind is not ImageKind.POSTER or self.source == "f" or self.lang_given


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture to download. `store_name` is its name below the root of downloaded pictures.

    `substitute` is true when it stands in for art whose service failed: what is made of it must not be kept for long.
    """

    service: Service
    store_name: str
    url: str
    tier: Tier
    kind: ImageKind
    substitute: bool = False


def best_by_language(entries: Iterable[FanartEntry]) -> Mapping[str, FanartEntry]:
    """Of each language, in its normal spelling, the best liked entry, of equally liked ones the last.

    What can never be chosen is left out: ids that are no safe file name, languages that nobody can ask for, endless URLs.
    """
    best: dict[str, FanartEntry] = {}
    for entry in entries:
        if not _SAFE_NAME.fullmatch(entry.id) or len(entry.lang) > _LONGEST_LANGUAGE or len(entry.url) > _LONGEST_URL:
            continue
        lang = normal_language(entry.lang)
        rival = best.get(lang)
        if rival is None or entry.likes >= rival.likes:
            best[lang] = entry
    return best


def pick_fanart(best: Mapping[str, FanartEntry], wanted: Wanted) -> Picture | None:
    """Fanart's picture for what is wanted, by the tiers of its kind."""
    if wanted.kind is ImageKind.BACKDROP:
        return _of_fanart(best, (_UNKNOWN_LANGUAGE, FALLBACK_LANGUAGE), wanted.kind, "fanart")
    if wanted.kind is ImageKind.POSTER and wanted.textless and wanted.prefers_fanart:
        textless = _of_fanart(best, (TEXTLESS,), wanted.kind, "textless")
        if textless is not None:
            return textless
    # Where Fanart merely steps in for TMDB, the picture does not depend on the settings of Fanart's art.
    tier: Tier = "language" if wanted.prefers_fanart else "fanart"
    languages = (wanted.lang, general_language(wanted.lang), FALLBACK_LANGUAGE, _UNKNOWN_LANGUAGE)
    return _of_fanart(best, languages, wanted.kind, tier)


def tmdb_poster(base_url: str, poster_path: str | None, size: TmdbSize) -> Picture | None:
    """TMDB's poster, if its path is one plain file name."""
    name = (poster_path or "").removeprefix("/")
    if not _SAFE_NAME.fullmatch(name):
        return None
    return Picture(
        service="tmdb",
        store_name=f"posters/{size}/{name}",
        url=f"{base_url}/{size}/{quote(name)}",
        tier="tmdb",
        kind=ImageKind.POSTER,
    )


def _of_fanart(
    best: Mapping[str, FanartEntry], languages: tuple[str, ...], kind: ImageKind, tier: Tier
) -> Picture | None:
    for language in languages:
        if (entry := best.get(language)) is not None:
            return Picture("fanart", f"fanart/{entry.id}.{kind.extension}", entry.url, tier, kind)
    return None
