"""MDBList: the ratings of many sources for one title."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from openposterdb.domain import MediaType
from openposterdb.errors import UpstreamBroken, UpstreamUnavailable
from openposterdb.upstreams.calls import Caller, expect_found
from openposterdb.upstreams.failures import KeyRefused
from openposterdb.upstreams.members import (
    Members,
    imdb_of,
    members_of,
    number_of,
    objects_of,
    parse_object,
    positive_of,
    text_of,
)
from openposterdb.upstreams.refusals import is_about_key, is_about_limit, is_about_missing
from openposterdb.upstreams.spending import split_keys
from openposterdb.upstreams.transport import Question

LIMIT_RETRY_AFTER = 60


@dataclass(frozen=True, slots=True)
class MdblistRating:
    """One source's rating: `value` on the source's own scale, `score` from 0 to 100."""

    value: float | None
    score: float | None


@dataclass(frozen=True, slots=True)
class MdblistTitle:
    """Ratings by MDBList's source name, and the title's ids."""

    ratings: Mapping[str, MdblistRating] = field(default_factory=dict[str, MdblistRating])
    imdb: str | None = None
    tmdb: int | None = None
    tvdb: int | None = None


class Mdblist:
    """The API at `base_url`, with `key`: one, or several with commas between them."""

    def __init__(self, caller: Caller, *, base_url: str, key: str) -> None:
        self._caller = caller
        self._base_url = base_url
        self._keys = split_keys(key)

    async def title(self, media: MediaType, imdb: str) -> MdblistTitle:
        """What MDBList knows of the title; without ratings when it does not know it."""
        service = self._caller.service
        resource = f"imdb/{'movie' if media == 'movie' else 'show'}/{imdb}"
        question = Question(f"{self._base_url}/{resource}", resource, keys=self._keys, key_parameter="apikey")
        body = expect_found(service, await self._caller.ask(question))
        return MdblistTitle() if body is None else read_title(service, parse_object(service, body))


def read_title(service: str, answer: Members) -> MdblistTitle:
    """The ratings in `answer`; an error in place of them is a failure unless it says that there is no such title."""
    complaint = text_of(answer.get("error"))
    if complaint is None or isinstance(answer.get("ratings"), list):
        return parse_title(answer)
    if is_about_limit(complaint):
        raise UpstreamUnavailable(service, "the limit of the API key is reached", retry_after=LIMIT_RETRY_AFTER)
    if is_about_key(complaint):
        raise KeyRefused(service)
    if is_about_missing(complaint):
        return MdblistTitle()
    raise UpstreamBroken(service, "answered with an error")


def parse_title(answer: Members) -> MdblistTitle:
    """Tolerant of everything; of a source that is listed twice the first entry counts."""
    ratings: dict[str, MdblistRating] = {}
    for entry in objects_of(answer.get("ratings")):
        source = text_of(entry.get("source"))
        if source is not None and source not in ratings:
            ratings[source] = MdblistRating(number_of(entry.get("value")), number_of(entry.get("score")))
    ids = members_of(answer.get("ids"))
    return MdblistTitle(
        ratings=ratings,
        imdb=imdb_of(ids.get("imdb")),
        tmdb=positive_of(ids.get("tmdb")),
        tvdb=positive_of(ids.get("tvdb")),
    )
