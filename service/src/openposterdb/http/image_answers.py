"""From an image that is asked for to an answer: found or made within the deadline, or what stands in for it.

The routes differ in how they come to know what is asked for, and in what they tell caches (`Caching`).
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from openposterdb.domain import Encoding, ImageKind, ImageSize
from openposterdb.errors import NotConfigured
from openposterdb.http import responses
from openposterdb.http.deadline import Deadline
from openposterdb.http.errors import status_of
from openposterdb.http.image_query import strip_extension
from openposterdb.http.responses import Answer, Keep
from openposterdb.images.request import ImageRequest, ServedImage
from openposterdb.settings import RenderSettings
from openposterdb.titles.ids import parse_id

log = structlog.get_logger(__name__)

_HEAD_WAIT_SECONDS = 0.7


def _for_ever() -> float:
    return math.inf


class Images(Protocol):
    """Where images come from."""

    async def find(self, request: ImageRequest) -> ServedImage | None:
        """The image if it is cached."""
        ...

    def holds(self, image: ServedImage) -> bool:
        """Whether its bytes are in memory anyway."""
        ...

    def start(self, request: ImageRequest) -> asyncio.Task[ServedImage]:
        """Begin to make it, or join those who do."""
        ...


class Placeholders(Protocol):
    """Pictures that stand where there is no art."""

    async def placeholder(
        self, kind: ImageKind, settings: RenderSettings, size: ImageSize, encoding: Encoding = Encoding.USUAL
    ) -> ServedImage:
        """The placeholder at the full size asked for."""
        ...


class Caching(Protocol):
    """What the answers of a route tell caches, as `Cache-Control`."""

    def image(self, served: ServedImage) -> str:
        """Of an image."""
        ...

    def placeholder(self, *, absent: bool) -> str:
        """Of a placeholder, which stands for what does not exist or for what failed just now."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """An image as a path and a query ask for it, its id not looked at yet.

    `accept` is the request's `Accept` where `encoding` was negotiated, None where the address alone decides.
    """

    kind: ImageKind
    size: ImageSize
    settings: RenderSettings
    id_type: str
    id_value: str
    lang: str | None = None
    fallback: bool = False
    encoding: Encoding = Encoding.USUAL
    accept: str | None = None

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What caches have to know of the answer, whatever it is."""
        return [] if self.accept is None else [("vary", "accept")]


class ImageAnswers:
    """Answers every image route; `deadline` is in seconds."""

    def __init__(self, *, images: Images, placeholders: Placeholders, fanart_configured: bool, deadline: float) -> None:
        self._images = images
        self._placeholders = placeholders
        self._fanart_configured = fanart_configured
        self._deadline = deadline

    def require_source(self, kind: ImageKind) -> None:
        """Raise NotConfigured unless there is a service that has this kind."""
        if kind is not ImageKind.POSTER and not self._fanart_configured:
            raise NotConfigured("FANART_API_KEY not configured")

    def arrived(self) -> Deadline:
        """When the request that has just arrived has to be answered."""
        return Deadline(self._deadline)

    async def answer(
        self,
        asked: Asked,
        caching: Caching,
        *,
        deadline: Deadline,
        head: bool,
        on_hit: Callable[[], None] | None = None,
        seconds_left: Callable[[], float] = _for_ever,
    ) -> Answer:
        """The image, or with `fallback` a placeholder in place of any error.

        The hot path may repeat an image for at most as many seconds as are left then, and calls `on_hit` each time.
        """
        try:
            requested = parse_id(asked.id_type, strip_extension(asked.id_value))
            wanted = ImageRequest(asked.kind, requested, asked.size, asked.settings, asked.lang, asked.encoding)
            async with deadline.of("the image was not ready"):
                served = await self._image(wanted, head=head)
        except Exception as failure:  # noqa: BLE001 - whatever broke, a client that asked for a fallback gets one
            return await self._stand_in(asked, caching, failure)
        if served is None:
            content_type = asked.encoding.content_type(asked.kind)
            return Answer(200, [("content-type", content_type), ("cache-control", "no-store"), *asked.headers])
        keep = self._keep(served, asked, on_hit, seconds_left)
        return picture(served, caching.image(served), keep, asked.headers)

    def _keep(
        self,
        served: ServedImage,
        asked: Asked,
        on_hit: Callable[[], None] | None,
        seconds_left: Callable[[], float],
    ) -> Keep | None:
        """What the hot path may repeat: only what memory has, so that its bound is the bound of both."""
        if served.cache_key is None or served.hold <= 0 or not self._images.holds(served):
            return None
        return Keep(served.cache_key, min(served.hold, seconds_left()), on_hit, asked.accept)

    async def _image(self, wanted: ImageRequest, *, head: bool) -> ServedImage | None:
        """The image; None for a HEAD whose image is still being made, which the GET that follows will find."""
        served = await self._images.find(wanted)
        if served is not None:
            return served
        making = self._images.start(wanted)
        if not head:
            return await asyncio.shield(making)
        done, _ = await asyncio.wait({making}, timeout=_HEAD_WAIT_SECONDS)
        return making.result() if done else None

    async def _stand_in(self, asked: Asked, caching: Caching, error: Exception) -> Answer:
        """The placeholder for a client that asked for one; for the others `error` goes its way."""
        if not asked.fallback:
            raise error
        status = status_of(error)
        if status == 500:
            log.error("image_failed", kind=asked.kind.value, exc_info=error)
        served = await self._placeholders.placeholder(asked.kind, asked.settings, asked.size, asked.encoding)
        return picture(served, caching.placeholder(absent=status in {400, 404}), headers=asked.headers)


def picture(
    served: ServedImage, cache_control: str, keep: Keep | None = None, headers: Sequence[tuple[str, str]] = ()
) -> Answer:
    """An image with its cache header."""
    return responses.image(
        served.body, served.content_type, etag=served.etag, cache_control=cache_control, keep=keep, headers=headers
    )
