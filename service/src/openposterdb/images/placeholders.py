"""Pictures that stand where there is no art, drawn once each."""

from typing import Final

from openposterdb.caching.loading import LoadingCache
from openposterdb.clock import Clock
from openposterdb.domain import Encoding, ImageKind, ImageSize
from openposterdb.images.renderer import Renderer
from openposterdb.images.request import ServedImage
from openposterdb.settings import RenderSettings
from openposterdb.settings.definition import definition_of

_HELD_SECONDS: Final = 86_400
_ENTRIES: Final = 64


class Placeholders:
    """Designed placeholders by kind, size and encoding."""

    def __init__(self, renderer: Renderer, clock: Clock) -> None:
        self._renderer = renderer
        self._drawn: LoadingCache[tuple[object, ...], ServedImage] = LoadingCache(
            max_entries=_ENTRIES, ttl=_HELD_SECONDS, clock=clock
        )

    async def placeholder(
        self, kind: ImageKind, settings: RenderSettings, size: ImageSize, encoding: Encoding = Encoding.USUAL
    ) -> ServedImage:
        """The placeholder at the full size asked for."""

        async def draw() -> ServedImage:
            body = await self._renderer.placeholder(kind, settings, size, encoding)
            return await ServedImage.unkept(body, kind)

        picture = definition_of(type(settings)).of(kind, "picture")
        return await self._drawn.get(
            (kind, size, encoding, *(getattr(settings, member.name) for member in picture)), draw
        )
