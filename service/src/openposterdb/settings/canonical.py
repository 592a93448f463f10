"""What a request asks for, apart from its title, in the one form that stands for all requests that draw alike.

Whatever cannot change a pixel has its default here: settings of other kinds, art settings that this art's source never
looks at, sources beyond those allowed. So two forms are equal exactly if no title can tell them apart by these rules, and a
hash of the form is an address that requests of equal outcome share.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import ValidationError

from openposterdb.domain import NATURAL_ORDER, Encoding, ImageKind, ImageSize
from openposterdb.settings.definition import definition_of
from openposterdb.settings.languages import FALLBACK_LANGUAGE, TEXTLESS, wanted_language
from openposterdb.settings.model import RenderSettings, Shape

_HASH_BYTES = 16
_DEFAULT_SHAPES: Mapping[ImageKind, Shape] = {ImageKind.LOGO: "h", ImageKind.BACKDROP: "v"}
"""What style `d` is for kinds whose badges have no direction."""


@dataclass(frozen=True, slots=True)
class CanonicalForm:
    """Kind, size, settings and encoding of a request, canonical; `str` is its JSON. Make one by `of` or `parse`.

    A language that the request itself named is part of the settings.
    """

    kind: ImageKind
    size: ImageSize
    settings: RenderSettings
    encoding: Encoding = Encoding.USUAL

    @classmethod
    def of(
        cls,
        kind: ImageKind,
        size: ImageSize,
        settings: RenderSettings,
        lang: str | None = None,
        encoding: Encoding = Encoding.USUAL,
    ) -> Self:
        """The form of a request; `lang` is the language that it named itself."""
        definition = definition_of(type(settings))
        meant = _meant(kind, settings, lang)
        effective = {member.name for member in definition.of(kind)}
        if not meant.order():
            effective -= {member.name for member in definition.of(kind, "badges")}
        idle = {member.name: member.default for member in definition if member.name not in effective}
        return cls(kind, size, meant.model_copy(update=idle), encoding)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The form in a JSON text, be it of an older release; ValueError for what is none."""
        try:
            members: Any = json.loads(text)
            kind, size = ImageKind(members["kind"]), ImageSize(members["size"])
            encoding = Encoding(members.get("encoding", Encoding.USUAL))
            form = cls.of(kind, size, RenderSettings.model_validate(members["settings"]), encoding=encoding)
        except (ValidationError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError("not the canonical form of a request") from error
        return form

    def __str__(self) -> str:
        """Compact JSON, without the brief settings that have their default, so that a new one changes no form there is."""
        members = {
            member.name: getattr(self.settings, member.name)
            for member in definition_of(type(self.settings)).of(self.kind)
            if not (member.setting.brief and getattr(self.settings, member.name) == member.default)
        }
        form: dict[str, Any] = {"kind": self.kind.value, "size": self.size.value, "settings": members}
        if self.encoding is not Encoding.USUAL:  # so that the encoding has changed no form there was
            form["encoding"] = self.encoding.value
        return json.dumps(form, sort_keys=True, separators=(",", ":"))

    def hash(self, *, renderer_epoch: int) -> str:
        """32 hexadecimal digits; another epoch of the renderer draws other pixels."""
        return hashlib.sha256(f"{renderer_epoch}\0{self}".encode()).digest()[:_HASH_BYTES].hex()


def settings_hash(
    kind: ImageKind, size: ImageSize, settings: RenderSettings, lang: str | None = None, *, renderer_epoch: int
) -> str:
    """The hash in `/c/` addresses: equal for requests that draw alike, different for those that may not."""
    return CanonicalForm.of(kind, size, settings, lang).hash(renderer_epoch=renderer_epoch)


def _meant(kind: ImageKind, settings: RenderSettings, lang: str | None) -> RenderSettings:
    """The settings with all that is implied in them spelled out."""
    return settings.model_copy(
        update={**_art(kind, settings, lang), **_ratings(kind, settings), **_badges(kind, settings)}
    )


def _art(kind: ImageKind, settings: RenderSettings, lang: str | None) -> dict[str, Any]:
    """A language that the request names switches posters to Fanart's, which alone has textless ones, as a language of its own."""
    source = "t" if kind is ImageKind.POSTER and settings.poster_source == "t" and lang is None else "f"
    language = wanted_language(settings.fanart_lang if lang is None else lang)
    textless = source == "f" and settings.fanart_textless
    if kind is ImageKind.POSTER and source == "f" and language == TEXTLESS:
        textless, language = True, FALLBACK_LANGUAGE
    return {"poster_source": source, "fanart_lang": language, "fanart_textless": textless}


def _ratings(kind: ImageKind, settings: RenderSettings) -> dict[str, Any]:
    """Who is allowed, in which order, and who is not; a limit that cannot be reached is none."""
    order = settings.order()
    limit = settings.limit(kind)
    name = definition_of(type(settings)).in_role(kind, "limit").name
    return {
        "ratings_order": ",".join(order),
        "ratings_exclude": ",".join(source for source in NATURAL_ORDER if source not in order),
        name: limit if limit < len(order) else 0,
    }


def _badges(kind: ImageKind, settings: RenderSettings) -> dict[str, Any]:
    resolved = settings.resolved(kind)
    members = definition_of(type(settings)).of(kind, "badges")
    drawn = {member.name: getattr(resolved, member.name) for member in members}
    name = definition_of(type(settings)).in_role(kind, "style").name
    if drawn[name] == "d":
        drawn[name] = _DEFAULT_SHAPES[kind]
    return drawn
