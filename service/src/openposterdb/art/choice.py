"""Which of the pictures there are is the one wanted: pure decisions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

from openposterdb.caching.keys import Tier
from openposterdb.domain import ImageKind
from openposterdb.upstreams.fanart import FanartEntry

TmdbSize = Literal["w780", "original"]
Service = Literal["tmdb", "fanart"]

TEXTLESS: Final = "00"
_FALLBACK_LANGUAGE: Final = "en"
_UNKNOWN_LANGUAGE: Final = ""
_SAFE_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request prefers. `lang_given` is true when the request itself named the language."""

    kind: ImageKind
    source: Literal["t", "f"] = "t"
    lang: str = _FALLBACK_LANGUAGE
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


def pick(entries: Sequence[FanartEntry], languages: Iterable[str]) -> FanartEntry | None:
    """The best liked entry of the first language that has any; of equally liked ones the last. Languages are exact."""
    for language in languages:
        best: FanartEntry | None = None
        for entry in entries:
            if entry.lang == language and (best is None or entry.likes >= best.likes):
                best = entry
        if best is not None:
            return best
    return None


def pick_fanart(entries: Sequence[FanartEntry], wanted: Wanted) -> Picture | None:
    """Fanart's picture for what is wanted, by the tiers of its kind; entries whose id is no safe file name are skipped."""
    usable = [entry for entry in entries if _SAFE_NAME.fullmatch(entry.id)]
    if wanted.kind is ImageKind.BACKDROP:
        return _of_fanart(pick(usable, (_UNKNOWN_LANGUAGE, _FALLBACK_LANGUAGE)), wanted.kind, "fanart")
    if wanted.kind is ImageKind.POSTER and wanted.textless and wanted.prefers_fanart:
        textless = _of_fanart(pick(usable, (TEXTLESS,)), wanted.kind, "textless")
        if textless is not None:
            return textless
    # Where Fanart merely steps in for TMDB, the picture does not depend on the settings of Fanart's art.
    tier: Tier = "language" if wanted.prefers_fanart else "fanart"
    return _of_fanart(pick(usable, (wanted.lang, _FALLBACK_LANGUAGE, _UNKNOWN_LANGUAGE)), wanted.kind, tier)


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


def _of_fanart(entry: FanartEntry | None, kind: ImageKind, tier: Tier) -> Picture | None:
    if entry is None:
        return None
    return Picture("fanart", f"fanart/{entry.id}.{kind.extension}", entry.url, tier, kind)
