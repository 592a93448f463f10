"""`/api/admin/posters`, `…/logos`, `…/backdrops`: which images there are, filtered, sorted, page by page."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any, Final, Literal, cast

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from openposterdb.caching.staleness import is_stale, stale_after
from openposterdb.clock import Clock
from openposterdb.domain import ImageKind, ImageSize
from openposterdb.errors import Invalid
from openposterdb.http.api.calls import AdminCall
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.image_keys import TAG
from openposterdb.http.api.numbers import UInt31
from openposterdb.storage.repositories import AliasRepository
from openposterdb.storage.repositories.image_filters import Ages, ImageFilter, Tier
from openposterdb.storage.repositories.image_lists import ImageListRepository, Order, Place, Sort
from openposterdb.storage.rows import ImageMeta
from openposterdb.titles.search import ids_in, titles_in

_LARGEST_PAGE: Final = 100
_LONGEST_SEARCH: Final = 200
_LONGEST_CURSOR: Final = 400


class ListQuery(BaseModel):
    """Which images, in which order, and which page of them."""

    page: Annotated[UInt31, Field(description="From 1; 0 counts as 1. Ignored beside `after`.")] = 1
    page_size: Annotated[UInt31, Field(description=f"1 to {_LARGEST_PAGE}; numbers beyond are clamped.")] = 50
    after: Annotated[
        str | None,
        Field(
            max_length=_LONGEST_CURSOR,
            description="`next` of the page before: the page behind it, however many images came meanwhile. Keep everything else.",
        ),
    ] = None
    search: Annotated[
        str | None,
        Field(
            max_length=_LONGEST_SEARCH,
            description="An id in any form (`tt0111161`, `tmdb/movie-278`, `278`, `tvdb/81189`), or else the start of a cache key.",
        ),
    ] = None
    size: Annotated[Literal["small", "medium", "large", "very-large"] | None, Field(description="Only this size.")] = (
        None
    )
    stale: Annotated[
        Literal["true", "false"] | None, Field(description="Only images that are, or are not, due for a refresh.")
    ] = None
    tier: Annotated[Tier | None, Field(description="Only images on art of this kind.")] = None
    sort: Annotated[Sort, Field(description="By first and last time made, release date, or cache key.")] = "created"
    direction: Annotated[Literal["asc", "desc"], Field(description="`asc` is oldest first.")] = "asc"

    @property
    def order(self) -> Order:
        """The order asked for."""
        return Order(self.sort, self.direction == "desc")


class ImageItem(BaseModel):
    """One image. Times are Unix seconds."""

    cache_key: str
    release_date: str | None
    created_at: int
    updated_at: int
    bytes: int
    stale: Annotated[bool, Field(description="Whether it is due for a refresh, give or take a tenth of its time.")]


class ImagePage(BaseModel):
    """A page of images; `total` counts all that the filters let through."""

    items: list[ImageItem]
    total: int
    page: int
    page_size: int
    next: Annotated[str | None, Field(description="For `after`; null on the last page.")]


class ImageListRoutes:
    """Lists of images. Staleness is judged by `least` and `most` seconds, as when they are served."""

    def __init__(
        self, lists: ImageListRepository, aliases: AliasRepository, *, least: int, most: int, clock: Clock
    ) -> None:
        self._lists = lists
        self._aliases = aliases
        self._least = least
        self._most = most
        self._clock = clock

    def add_to(self, api: Api) -> None:
        """Add the operations."""
        for kind in ImageKind:
            name = f"list{kind.folder.title()}"
            api.get(f"/api/admin/{kind.folder}", tag=TAG, name=name)(self._handler(kind))

    def _handler(self, kind: ImageKind) -> Callable[[AdminCall, ListQuery], Awaitable[ImagePage]]:
        async def list_images(_call: AdminCall, query: ListQuery) -> ImagePage:
            return await self._page(kind, query)

        list_images.__doc__ = f"""List the {kind.folder} that were made.

        Filters apply together. By default the oldest come first, page by page; `after` follows a list without gaps.
        """
        return list_images

    async def _page(self, kind: ImageKind, query: ListQuery) -> ImagePage:
        page, size = max(query.page, 1), min(max(query.page_size, 1), _LARGEST_PAGE)
        after = None if query.after is None else _read_cursor(query.after, query.order)
        chosen = await self._filter(kind, query)
        total = await self._lists.count(chosen)
        skip = 0 if after is not None else (page - 1) * size
        found: list[ImageMeta] = []
        if skip < total:
            found += await self._lists.page(chosen, query.order, limit=size + 1, after=after, skip=skip)
        shown = found[:size]
        return ImagePage(
            items=[self._item(meta) for meta in shown],
            total=total,
            page=page,
            page_size=size,
            next=_cursor(query.order, shown[-1]) if len(found) > size else None,
        )

    async def _filter(self, kind: ImageKind, query: ListQuery) -> ImageFilter:
        chosen = ImageFilter(
            kind,
            size=None if query.size is None else ImageSize(query.size),
            tier=query.tier,
            stale=None if query.stale is None else query.stale == "true",
            ages=Ages(self._least, self._most, int(self._clock.now())),
        )
        text = (query.search or "").strip()
        if not text:
            return chosen
        if ids_in(text):
            return replace(chosen, titles=await titles_in(text, self._aliases))
        return replace(chosen, prefix=text)

    def _item(self, meta: ImageMeta) -> ImageItem:
        now = self._clock.now()
        limit = stale_after(meta.release_date, self._least, self._most, now)
        return ImageItem(
            cache_key=meta.cache_key,
            release_date=meta.release_date,
            created_at=meta.created_at,
            updated_at=meta.updated_at,
            bytes=meta.length,
            stale=is_stale(meta.updated_at, limit, int(now)),
        )


_Cursor = tuple[Sort, bool, int | str | None, str]
_CURSOR: Final[TypeAdapter[_Cursor]] = TypeAdapter(cast("Any", _Cursor))


def _cursor(order: Order, last: ImageMeta) -> str:
    place = order.place_of(last)
    written = _CURSOR.dump_json((order.sort, order.descending, place.value, place.cache_key))
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()


def _read_cursor(text: str, order: Order) -> Place:
    """The place where the page before ended; Invalid for what is none, or none of this order."""
    try:
        written = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        sort, descending, value, key = _CURSOR.validate_json(written, strict=True)
    except (binascii.Error, ValueError, ValidationError):
        raise Invalid("after: must be the `next` of a page") from None
    known = key.isascii() and key.isprintable()
    if Order(sort, descending) != order or not known or not _fits(order.sort, value):
        raise Invalid("after: must be the `next` of a page in the same order")
    return Place(value, key)


def _fits(sort: Sort, value: int | str | None) -> bool:
    match sort:
        case "created" | "updated":
            return isinstance(value, int) and -(2**63) <= value < 2**63
        case "released":
            return value is None or (isinstance(value, str) and value.isprintable())
        case "key":
            return value is None
