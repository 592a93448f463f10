"""One rendered image: looking at it, telling of it, making it, drawing it again."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from openposterdb.accounts.settings import SettingsCache
from openposterdb.caching.interfaces import Layer
from openposterdb.caching.keys import ImageKey
from openposterdb.caching.layers import ImageLayers
from openposterdb.caching.verified import etag_of
from openposterdb.clock import Clock
from openposterdb.domain import ImageKind, ImageSize, RatingSource
from openposterdb.errors import NotConfigured, NotFound
from openposterdb.http import responses
from openposterdb.http.api.calls import AdminCall
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.image_keys import BAD_PATH, NOT_STORED, TAG, ImagePath
from openposterdb.http.api.trail import Trail
from openposterdb.http.deadline import Deadline
from openposterdb.http.image_query import strip_extension
from openposterdb.http.images import image_answer
from openposterdb.http.responses import Answer
from openposterdb.images import ImagePurges, ImageRequest, ImageService, ServedImage
from openposterdb.images.composer import Composer
from openposterdb.images.drawing import quality_of
from openposterdb.images.keyed import request_of
from openposterdb.storage.repositories import AliasRepository, ImageMetaRepository, RatingIndexRepository
from openposterdb.storage.rows import ImageMeta, Purge
from openposterdb.titles.ids import parse_id

_MISSING: Final = {404: "No such image is stored."}
_UPSTREAMS: Final = {
    404: "There is no such title, or no art for it.",
    501: "Logos and backdrops need a Fanart.tv key, which is not configured.",
    502: "A service that is needed is broken.",
    504: "A service that is needed, or the image itself, took too long.",
}


class Details(BaseModel):
    """What is known of one image. Times are Unix seconds, spans are in seconds."""

    cache_key: str
    kind: ImageKind
    title: Annotated[str, Field(description="The canonical title: `movie-278`.")]
    size: ImageSize
    tier: Annotated[str, Field(description="Where the art came from: tmdb, textless, language or fanart.")]
    language: str | None
    badges: Annotated[list[RatingSource], Field(description="The ratings shown, in order.")]
    settings: Annotated[dict[str, str | int], Field(description="How it is drawn.")]
    release_date: str | None
    created_at: int
    updated_at: int
    age: int
    stale_in: Annotated[int | None, Field(description="Negative when it is due for a refresh, null for never.")]
    bytes: int
    content_type: str
    quality: Annotated[
        int | None,
        Field(description="The JPEG quality that it has, which a `maxBytes` may have lowered; null for PNG and WebP."),
    ]
    etag: str
    layers: Annotated[list[Layer], Field(description="Which of this process's layers hold it.")]
    sources: Annotated[
        list[RatingSource] | None, Field(description="Every rating that the title has; null when that is not known.")
    ]
    aliases: Annotated[list[str], Field(description="The ids by which the title was asked for or is known.")]


class ImageRoutes:
    """What admins do with single images. `deadline` in seconds holds for those that have to be made."""

    def __init__(
        self,
        *,
        images: ImageService,
        layers: ImageLayers,
        composer: Composer,
        purges: ImagePurges,
        meta: ImageMetaRepository,
        index: RatingIndexRepository,
        aliases: AliasRepository,
        settings: SettingsCache,
        trail: Trail,
        fanart_configured: bool,
        deadline: float,
        clock: Clock,
    ) -> None:
        self._images = images
        self._layers = layers
        self._composer = composer
        self._purges = purges
        self._meta = meta
        self._index = index
        self._aliases = aliases
        self._settings = settings
        self._trail = trail
        self._fanart_configured = fanart_configured
        self._seconds = deadline
        self._clock = clock

    def add_to(self, api: Api) -> None:
        """Add the operations."""
        for kind in ImageKind:
            self._add_kind(api, kind)

    def _add_kind(self, api: Api, kind: ImageKind) -> None:
        path, noun = f"/api/admin/{kind.folder}/{{id_type}}/{{id_value}}", kind.value.title()
        media = (kind.content_type,)
        picture: Any = {"tag": TAG, "media": media, "errors": {**BAD_PATH, **_MISSING}}
        made: Any = {"tag": TAG, "media": media, "errors": {**BAD_PATH, **_UPSTREAMS}}
        known: Any = {"tag": TAG, "errors": {**BAD_PATH, **_MISSING}}
        api.get(f"{path}/image", name=f"view{noun}", **picture)(self._view(kind))
        if kind is not ImageKind.POSTER:
            api.get(path, name=f"view{noun}Briefly", **picture)(self._view(kind))
        api.get(f"{path}/details", name=f"describe{noun}", **known)(self._describe(kind))
        api.post(f"{path}/fetch", name=f"fetch{noun}", **made)(self._fetch(kind))
        api.post(f"{path}/refresh", name=f"refresh{noun}", **made)(self._refresh(kind))

    def _view(self, kind: ImageKind) -> Callable[[AdminCall, ImagePath], Awaitable[Answer]]:
        async def view(_call: AdminCall, path: ImagePath) -> Answer:
            """Show a stored image.

            It is neither made nor renewed by that.
            """
            key = path.key_of(kind)
            entry = None if key is None else await self._layers.peek(kind, str(key), self._composer.under(key))
            if entry is None:
                raise NotFound(NOT_STORED)
            return Answer(
                200, [("content-type", entry.content_type), ("etag", entry.etag)], entry.body, etag=entry.etag
            )

        return view

    def _describe(self, kind: ImageKind) -> Callable[[AdminCall, ImagePath], Awaitable[Details]]:
        async def describe(_call: AdminCall, path: ImagePath) -> Details:
            """Tell what is known of a stored image."""
            key = path.key_of(kind)
            meta = None if key is None else await self._meta.get(str(key))
            if key is None or meta is None:
                raise NotFound(NOT_STORED)
            return await self._details(key, meta)

        return describe

    def _fetch(self, kind: ImageKind) -> Callable[[AdminCall, ImagePath], Awaitable[Answer]]:
        async def fetch(_call: AdminCall, path: ImagePath) -> Answer:
            """Make an image of a title with the global settings, medium size.

            One that is there already is served as it is.
            """
            request = await self._request(kind, path)
            async with self._deadline():
                served = await self._images.get(request)
            await self._is_listed(served)
            answer = image_answer(served)
            if kind is not ImageKind.POSTER:
                answer.header_list = [pair for pair in answer.header_list if pair[0] != "cache-control"]
            return answer

        return fetch

    def _refresh(self, kind: ImageKind) -> Callable[[AdminCall, ImagePath], Awaitable[Answer]]:
        async def refresh(call: AdminCall, path: ImagePath) -> Answer:
            """Draw an image again, from what the upstreams say now.

            For a cache key with what the key tells: art, badges, look and size. For an id with the global settings, medium
            size. While a service fails, nothing changes. If the art or a rating is gone, the image has another key
            (`content-location`), and the one under the old key is removed.
            """
            key = path.key_of(kind)
            self._check_fanart(kind)
            request = request_of(key) if key is not None else await self._request(kind, path)
            async with self._deadline():
                served = await self._images.refresh(request)
            if key is not None and served.cache_key != str(key):
                await self._purges.purge(Purge(cache_key=str(key), kind=kind))
            await self._is_listed(served)
            await self._trail.note(call, "image_refreshed", target=served.cache_key or path.cache_key)
            location = f"/api/admin/{kind.folder}/{served.cache_key}/image"
            return responses.image(
                served.body,
                served.content_type,
                etag=served.etag,
                cache_control="no-store",
                headers=[("content-location", location)],
            )

        return refresh

    async def _request(self, kind: ImageKind, path: ImagePath) -> ImageRequest:
        self._check_fanart(kind)
        requested = parse_id(path.id_type, strip_extension(path.id_value))
        return ImageRequest(kind, requested, ImageSize.MEDIUM, await self._settings.effective(None))

    def _check_fanart(self, kind: ImageKind) -> None:
        if kind is not ImageKind.POSTER and not self._fanart_configured:
            raise NotConfigured("FANART_API_KEY not configured")

    async def _details(self, key: ImageKey, meta: ImageMeta) -> Details:
        stale_in = self._images.stale_in(meta.release_date, meta.updated_at, meta.cache_key)
        index = await self._index.get(key.title)
        compose = self._composer.under(key)
        entry = await self._layers.peek(meta.kind, meta.cache_key, compose)
        return Details(
            cache_key=meta.cache_key,
            kind=meta.kind,
            title=str(key.title),
            size=key.look.size,
            tier=key.tier,
            language=key.language,
            badges=[RatingSource.from_letter(letter) for letter in key.letters],
            settings=dict(key.look.settings.drawn(meta.kind)),
            release_date=meta.release_date,
            created_at=meta.created_at,
            updated_at=meta.updated_at,
            age=max(0, int(self._clock.now()) - meta.updated_at),
            stale_in=None if stale_in == float("inf") else int(stale_in),
            bytes=meta.length,
            content_type=meta.content_type,
            quality=None if entry is None else quality_of(entry.body),
            etag=etag_of(meta.digest),
            layers=await self._layers.holding(meta.kind, meta.cache_key, compose),
            sources=None if index is None else [RatingSource.from_letter(letter) for letter in index.sources],
            aliases=list(await self._aliases.of(key.title)),
        )

    async def _is_listed(self, served: ServedImage) -> None:
        """Images are kept behind an answer; who has just made one looks for it in the list at once."""
        if served.cache_key is not None:
            await self._layers.written(served.cache_key)

    def _deadline(self) -> AbstractAsyncContextManager[None]:
        return Deadline(self._seconds).of("the image was not ready")
