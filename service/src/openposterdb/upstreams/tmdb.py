"""TMDB: finding titles by the ids of others, and the details of a title."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from openposterdb.domain import MediaType, TitleId
from openposterdb.upstreams.calls import Caller, expect_found
from openposterdb.upstreams.members import (
    Members,
    date_of,
    imdb_of,
    members_of,
    number_of,
    objects_of,
    parse_object,
    positive_of,
    text_of,
)
from openposterdb.upstreams.spending import split_keys
from openposterdb.upstreams.transport import Question

ForeignId = Literal["imdb_id", "tvdb_id"]


@dataclass(frozen=True, slots=True)
class TmdbTitle:
    """What TMDB says of one title; a found entry has no ids of others."""

    id: TitleId
    poster_path: str | None
    release_date: str | None
    vote_average: float | None
    imdb: str | None = None
    tvdb: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The first movie and the first series that TMDB knows by a foreign id."""

    movie: TmdbTitle | None
    series: TmdbTitle | None


class Tmdb:
    """The API at `base_url`, with `key`: one, or several with commas between them."""

    def __init__(self, caller: Caller, *, base_url: str, key: str) -> None:
        self._caller = caller
        self._base_url = base_url
        self._keys = split_keys(key)

    async def find(self, foreign_id: str, source: ForeignId) -> Found:
        """What carries this id; persons, episodes and seasons do not count."""
        answer = await self._get(f"find/{quote(foreign_id, safe='')}", external_source=source)
        return parse_found(answer or {})

    async def details(self, title_id: TitleId) -> TmdbTitle | None:
        """Everything of one title, for a series with the ids of others; None when there is no such title."""
        if title_id.media == "movie":
            answer = await self._get(f"movie/{title_id.tmdb}")
        else:
            answer = await self._get(f"tv/{title_id.tmdb}", append_to_response="external_ids")
        return None if answer is None else parse_details(answer, title_id)

    async def _get(self, resource: str, **params: str) -> Members | None:
        question = Question(f"{self._base_url}/{resource}", resource, params=params, keys=self._keys)
        body = expect_found(self._caller.service, await self._caller.ask(question))
        return None if body is None else parse_object(self._caller.service, body)


def parse_found(answer: Members) -> Found:
    """The first usable entry of each list."""
    return Found(
        movie=_first(answer.get("movie_results"), "movie"),
        series=_first(answer.get("tv_results"), "series"),
    )


def parse_details(answer: Members, title_id: TitleId) -> TmdbTitle:
    """The details of `title_id`."""
    foreign = members_of(answer.get("external_ids"))
    if title_id.media == "movie":
        return _title(answer, title_id, imdb_of(answer.get("imdb_id")), None)
    return _title(answer, title_id, imdb_of(foreign.get("imdb_id")), positive_of(foreign.get("tvdb_id")))


def _first(entries: object, media: MediaType) -> TmdbTitle | None:
    for entry in objects_of(entries):
        number = positive_of(entry.get("id"))
        if number is not None:
            return _title(entry, TitleId(media, number), None, None)
    return None


def _title(entry: Members, title_id: TitleId, imdb: str | None, tvdb: int | None) -> TmdbTitle:
    return TmdbTitle(
        id=title_id,
        poster_path=text_of(entry.get("poster_path")),
        release_date=date_of(entry.get("release_date" if title_id.media == "movie" else "first_air_date")),
        vote_average=number_of(entry.get("vote_average")),
        imdb=imdb,
        tvdb=tvdb,
    )
