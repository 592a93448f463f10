"""Cache keys in the paths of the management API: `tmdb` and `movie-278@mil.pbc.sh.li.dh.zm`."""

from typing import Annotated, Final

from pydantic import BaseModel, Field

from openposterdb.caching.keys import ImageKey, parse_key
from openposterdb.domain import ImageKind
from openposterdb.errors import Invalid
from openposterdb.titles.ids import is_safe_component

TAG: Final = "Stored images"
NOT_STORED: Final = "no such image is stored"
BAD_PATH: Final = {400: "The id type is unknown, or the id is no safe part of a path."}

_ID_TYPES: Final = frozenset({"imdb", "tmdb", "tvdb"})


class ImagePath(BaseModel):
    """The two parts of a cache key, or of an id."""

    id_type: Annotated[str, Field(description="`tmdb`; of an id also `imdb` or `tvdb`.", examples=["tmdb"])]
    id_value: Annotated[
        str,
        Field(
            description="The rest of a cache key as it is listed, or an id as in the addresses of images.",
            examples=["movie-278@mil.pbc.sh.li.dh.zm"],
        ),
    ]

    @property
    def cache_key(self) -> str:
        """The parts as a cache key; colons are read as underscores. Invalid for what could not be any."""
        if self.id_type not in _ID_TYPES:
            raise Invalid("unknown id type: use imdb, tmdb or tvdb")
        if not is_safe_component(self.id_value):
            raise Invalid("invalid id value")
        return f"{self.id_type}/{self.id_value.replace(':', '_')}"

    def key_of(self, kind: ImageKind) -> ImageKey | None:
        """The key, if it is one of this kind; Invalid as `cache_key`."""
        try:
            key = parse_key(self.cache_key)
        except ValueError:
            return None
        return key if key.kind is kind else None
