"""The image routes: from path and query to an `ImageRequest`, from its outcome to headers.

The order of the checks decides which status wins and is a contract with clients (`docs/clients.md`); `fallback=true` turns
whatever fails after the key and the language were accepted into a placeholder.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Protocol

import structlog
from robyn import Request, Response, Robyn

from openposterdb.accounts.registry import KeyOwner
from openposterdb.clock import Clock
from openposterdb.domain import ImageKind, ImageSize
from openposterdb.errors import DeadlineExceeded, NotConfigured
from openposterdb.http import responses
from openposterdb.http.errors import status_of
from openposterdb.http.image_query import IMAGE_ROUTES, ImageQuery, parse_language, parse_size, strip_extension
from openposterdb.http.responses import Answer, Keep
from openposterdb.images.request import ImageRequest, ServedImage
from openposterdb.settings import PathType, RenderSettings, override
from openposterdb.titles.ids import parse_id

log = structlog.get_logger(__name__)

_HEAD_WAIT_SECONDS = 0.7
_PLACEHOLDER_SECONDS = 60
_ABSENT_PLACEHOLDER_SECONDS = 300


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

    async def placeholder(self, kind: ImageKind, settings: RenderSettings, size: ImageSize) -> ServedImage:
        """The placeholder at the full size asked for."""
        ...


class Keys(Protocol):
    """Who a key belongs to."""

    async def authenticate(self, raw: str) -> KeyOwner:
        """The owner; Unauthorized for an unknown key."""
        ...


class SettingsOf(Protocol):
    """Which settings apply."""

    async def effective(self, key_id: int | None) -> RenderSettings:
        """Those of the key, or the global ones; None is the free key."""
        ...


class ImageRoutes:
    """Handlers of the image routes with an API key in the path."""

    def __init__(
        self,
        *,
        images: Images,
        placeholders: Placeholders,
        keys: Keys,
        settings: SettingsOf,
        note_use: Callable[[KeyOwner], None],
        clock: Clock,
        fanart_configured: bool,
        deadline: float,
    ) -> None:
        self._images = images
        self._placeholders = placeholders
        self._keys = keys
        self._settings = settings
        self._note_use = note_use
        self._clock = clock
        self._fanart_configured = fanart_configured
        self._deadline = deadline

    def register(self, app: Robyn) -> None:
        """Add the routes."""
        for pattern, path in IMAGE_ROUTES.items():
            app.get(pattern)(self._handler(path))

    def _handler(self, path: PathType):  # noqa: ANN202 - Robyn's handler type is its own
        async def image(request: Request) -> Answer | Response:
            return await self._answer(request, path)

        return image

    async def _answer(self, request: Request, path: PathType) -> Answer | Response:
        kind = path.kind
        parts = request.path_params
        query = ImageQuery.of(request)
        size = parse_size(kind, query.size)
        if kind is not ImageKind.POSTER and not self._fanart_configured:
            raise NotConfigured("FANART_API_KEY not configured")
        owner = await self._keys.authenticate(parts["api_key"])
        self._note_use(owner)
        lang = parse_language(query.lang)
        settings = override(
            await self._settings.effective(owner.id),
            path,
            order=query.order,
            bar_position=query.bar_position,
            label=query.label,
        )
        try:
            requested = parse_id(parts["id_type"], strip_extension(parts["id_value"]))
            wanted = ImageRequest(kind, requested, size, settings, lang)
            async with asyncio.timeout(self._deadline):
                served = await self._image(wanted, head=request.method == "HEAD")
        except TimeoutError:
            error = DeadlineExceeded("the image was not ready in time; try again in a moment")
            return await self._fallback(query, kind, settings, size, error)
        except Exception as failure:  # noqa: BLE001 - whatever broke, a client that asked for a fallback gets one
            return await self._fallback(query, kind, settings, size, failure)
        if served is None:
            return Answer(200, [("content-type", kind.content_type), ("cache-control", "no-store")])
        return image_answer(served, keep=self._keep(served, owner))

    def _keep(self, served: ServedImage, owner: KeyOwner) -> Keep | None:
        """What the hot path may repeat: only what memory has, so that its bound is the bound of both."""
        if served.cache_key is None or served.hold <= 0 or not self._images.holds(served):
            return None
        seconds = served.hold if owner.expires_at is None else min(served.hold, owner.expires_at - self._clock.now())
        return Keep(served.cache_key, seconds, partial(self._note_use, owner))

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

    async def _fallback(
        self, query: ImageQuery, kind: ImageKind, settings: RenderSettings, size: ImageSize, error: Exception
    ) -> Answer:
        """The placeholder for a client that asked for one; for the others `error` goes its way."""
        if not query.fallback:
            raise error
        status = status_of(error)
        if status == 500:
            log.error("image_failed", kind=kind.value, exc_info=error)
        absent = status in {400, 404}
        stand_in = await self._placeholders.placeholder(kind, settings, size)
        return image_answer(stand_in, max_age=_ABSENT_PLACEHOLDER_SECONDS if absent else _PLACEHOLDER_SECONDS)


def image_answer(served: ServedImage, *, max_age: int | None = None, keep: Keep | None = None) -> Answer:
    """An image with its cache headers; `max_age` in seconds is for what stands in for it."""
    seconds = served.max_age if max_age is None else max_age
    brief = served.degraded or max_age is not None
    return responses.image(
        served.body,
        served.content_type,
        etag=served.etag,
        cache_control=f"public, max-age={seconds}" + ("" if brief else ", stale-while-revalidate=86400"),
        keep=keep,
    )
