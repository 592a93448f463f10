"""The demo's titles: what they are called, how they are rated and which art there is of them."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from openposterdb.domain import MediaType

RATERS = frozenset({"tmdb", "imdb", "tomatoes", "popcorn", "metacritic", "trakt", "letterboxd", "myanimelist"})


def _iso_date(text: str) -> str:
    year, month, day = text.split("-")
    if len(year) != 4 or not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        raise ValueError(f"not a date: {text!r}")
    return text


def _known_raters(ratings: Mapping[str, float]) -> Mapping[str, float]:
    if unknown := ratings.keys() - RATERS:
        raise ValueError(f"unknown raters: {sorted(unknown)}")
    return ratings


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DemoTitle(_Entry):
    """One invented title.

    `ratings` are in each source's own scale: 0 to 10 for `tmdb` and `imdb`, 0 to 5 for `letterboxd`, 0 to 100 for the
    others. `omdb` says whether OMDb knows it.
    """

    slug: str
    media: MediaType
    title: str
    original: str | None = None
    language: str
    tagline: str
    released: Annotated[str, AfterValidator(_iso_date)] | None = None
    imdb: str | None = None
    tmdb: int
    tvdb: int | None = None
    tmdb_poster: bool = True
    backdrop: bool = False
    logo: bool = False
    omdb: bool = True
    ratings: Annotated[Mapping[str, float], AfterValidator(_known_raters)]
    fanart_posters: tuple[str, ...] = ()

    @property
    def year(self) -> str:
        """Year of release, or an empty text when nobody knows."""
        return (self.released or "")[:4]

    @property
    def has_poster(self) -> bool:
        """Whether any source has a poster."""
        return self.tmdb_poster or bool(self.fanart_posters)

    @property
    def tmdb_id(self) -> str:
        """As in image URLs: `movie-9000101`, `series-9000201`."""
        return f"{self.media}-{self.tmdb}"


class DemoEpisode(_Entry):
    """An episode of something; no image is ever made for one."""

    imdb: str
    tmdb: int
    name: str


class Catalogue(_Entry):
    """Every title that the double knows."""

    title: tuple[DemoTitle, ...]
    episode: tuple[DemoEpisode, ...] = ()

    def __len__(self) -> int:
        return len(self.title)

    def titles(self, media: MediaType | None = None) -> Iterator[DemoTitle]:
        """The titles of one type, or all."""
        return (title for title in self.title if media is None or title.media == media)

    def by_slug(self, slug: str) -> DemoTitle:
        """The title with this short name; KeyError when there is none."""
        for title in self.title:
            if title.slug == slug:
                return title
        raise KeyError(slug)

    def by_tmdb(self, media: MediaType, number: int) -> DemoTitle | None:
        """The title with this TMDB number; movies and series are numbered apart."""
        return next((title for title in self.titles(media) if title.tmdb == number), None)

    def by_tvdb(self, media: MediaType, number: int) -> DemoTitle | None:
        """The title with this TVDB number; movies and series are numbered apart."""
        return next((title for title in self.titles(media) if title.tvdb == number), None)

    def by_imdb(self, imdb: str) -> DemoTitle | None:
        """The title with this IMDb id."""
        return next((title for title in self.title if title.imdb == imdb), None)


def load_catalogue() -> Catalogue:
    """The catalogue that ships with the package."""
    text = files("openposterdb.demo").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return Catalogue.model_validate(tomllib.loads(text))
