"""Removing rendered images: one by its cache key, or all that fit a description."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from openposterdb.clock import Clock
from openposterdb.domain import ImageKind, TitleId
from openposterdb.errors import Invalid, NotFound
from openposterdb.http.api.calls import AdminCall
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.image_keys import BAD_PATH, TAG, ImagePath
from openposterdb.http.api.trail import Trail
from openposterdb.images import ImagePurges
from openposterdb.storage.repositories import AliasRepository
from openposterdb.storage.repositories.image_lists import ImageListRepository
from openposterdb.storage.rows import Purge
from openposterdb.titles.search import titles_in

_DAY_SECONDS: Final = 86_400
_MOST_DAYS: Final = 36_500
_LONGEST_TITLE: Final = 200


class ImagesToPurge(BaseModel):
    """Which images are to go: those that all of it describes. At least one member, or `everything` alone."""

    model_config = ConfigDict(json_schema_extra={"example": {"title": "tt0111161"}})

    title: Annotated[
        str | None,
        Field(
            max_length=_LONGEST_TITLE,
            description="Of this title: an id in any form, as `search` of the lists takes it.",
        ),
    ] = None
    kind: Annotated[ImageKind | None, Field(description="Of this kind.")] = None
    older_than_days: Annotated[
        int | None, Field(ge=0, le=_MOST_DAYS, description="Last made longer ago than this many days.")
    ] = None
    everything: Annotated[bool, Field(description="Every image there is.")] = False

    def check(self) -> None:
        """Invalid for what says nothing, or too much."""
        described = (self.title, self.kind, self.older_than_days) != (None, None, None)
        if described == self.everything:
            raise Invalid("say which images: title, kind, older_than_days or several of them, or everything alone")


class Removed(BaseModel):
    """What became of images that had to go."""

    removed: Annotated[int, Field(description="Images removed so far.")]
    finished: Annotated[bool, Field(description="Whether that is all; if not, the rest goes on by itself.")]


class ImagePurgeRoutes:
    """Removing images, from memory, store and database: in this process at once, in the others within seconds."""

    def __init__(
        self,
        *,
        purges: ImagePurges,
        lists: ImageListRepository,
        aliases: AliasRepository,
        trail: Trail,
        clock: Clock,
    ) -> None:
        self._purges = purges
        self._lists = lists
        self._aliases = aliases
        self._trail = trail
        self._clock = clock

    def add_to(self, api: Api) -> None:
        """Add the operations."""
        for kind in ImageKind:
            path, name = f"/api/admin/{kind.folder}/{{id_type}}/{{id_value}}", f"delete{kind.value.title()}"
            api.delete(path, name=name, tag=TAG, errors=BAD_PATH)(self._delete(kind))
        unknown = {404: "No such title is known here."}
        api.post("/api/admin/images/purge", tag=TAG, errors=unknown)(self.purge_images)

    async def purge_images(self, call: AdminCall, body: ImagesToPurge) -> Removed:
        """Remove all images that fit a description.

        They are made again when they are asked for. Removing very many goes on behind the answer.
        """
        body.check()
        title = None if body.title is None else await self._title(body.title)
        before = None
        if body.older_than_days is not None:
            before = int(self._clock.now()) - body.older_than_days * _DAY_SECONDS
        return await self._remove(call, Purge(title=title, kind=body.kind, updated_before=before))

    def _delete(self, kind: ImageKind) -> Callable[[AdminCall, ImagePath], Awaitable[Removed]]:
        async def delete(call: AdminCall, path: ImagePath) -> Removed:
            """Remove one image, by its cache key.

            Also when there is none.
            """
            key = path.key_of(kind)
            if key is None:
                return Removed(removed=0, finished=True)
            return await self._remove(call, Purge(cache_key=str(key), kind=kind))

        return delete

    async def _remove(self, call: AdminCall, purge: Purge) -> Removed:
        purging = await self._purges.purge(purge)
        counted = f"{purging.removed} removed" + ("" if purging.finished else " so far")
        await self._trail.note(call, "images_purged", target=_described(purge), detail=counted)
        return Removed(removed=purging.removed, finished=purging.finished)

    async def _title(self, text: str) -> TitleId:
        """The one title that is meant. Of several only those count of which there are images: a number may mean many."""
        titles = await titles_in(text, self._aliases)
        if len(titles) > 1:
            titles = [title for title in titles if await self._lists.has_any(title)]
        if len(titles) > 1:
            raise Invalid(f"title: may be any of {', '.join(map(str, titles))}; say which")
        if not titles:
            raise NotFound("no such title is known here")
        return titles[0]


def _described(purge: Purge) -> str:
    """In words, for the audit trail."""
    if purge.cache_key is not None:
        return purge.cache_key
    parts = [
        "all images" if purge.kind is None else purge.kind.folder,
        "" if purge.title is None else f"of {purge.title}",
        "" if purge.updated_before is None else f"made before {purge.updated_before}",
    ]
    return " ".join(part for part in parts if part)
