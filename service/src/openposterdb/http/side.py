"""RPDB's endpoints beside the pictures: how much of a key is used up, and a rating as plain text."""

from collections.abc import Callable
from typing import Final, Protocol

from robyn import Request, Response, Robyn

from openposterdb.accounts.registry import KeyOwner
from openposterdb.clock import Clock
from openposterdb.domain import RatingSource
from openposterdb.errors import NotFound, UpstreamUnavailable
from openposterdb.http import responses
from openposterdb.http.deadline import Deadline
from openposterdb.http.image_query import strip_extension
from openposterdb.ratings.reader import Ratings
from openposterdb.storage.rows import UseTotals
from openposterdb.titles.ids import RequestedId, parse_id
from openposterdb.titles.title import Title

REQUESTS: Final = "/:api_key/requests"
RATING: Final = "/:api_key/:id_type/rating/:id_value"
REQUEST_LIMIT: Final = 1_000_000_000
"""What clients of RPDB are told that a key may ask for in a month: there is no such limit here."""

_CACHED: Final = "public, max-age=3600"
_BRIEFLY: Final = "public, max-age=60"


class Keys(Protocol):
    """Who a key belongs to."""

    async def authenticate(self, raw: str) -> KeyOwner:
        """The owner; Unauthorized for an unknown key."""
        ...


class Usage(Protocol):
    """How much keys are used."""

    async def totals(self, at: float, key_ids: list[int]) -> dict[int, UseTotals]:
        """Today's and this month's requests at `at` (Unix time); unused keys are not in it."""
        ...


class Titles(Protocol):
    """Which title an id means."""

    async def resolve(self, requested: RequestedId) -> Title:
        """The title; NotFound or an UpstreamError."""
        ...


class RatingsOf(Protocol):
    """What a title is rated."""

    async def read(self, title: Title) -> Ratings:
        """The ratings, and which providers failed."""
        ...


class SideRoutes:
    """Handlers of the two; a look at the usage is no use of the key, a rating is one."""

    def __init__(
        self,
        *,
        keys: Keys,
        usage: Usage,
        note_use: Callable[[KeyOwner], None],
        titles: Titles,
        ratings: RatingsOf,
        deadline: float,
        clock: Clock,
    ) -> None:
        self._keys = keys
        self._usage = usage
        self._note_use = note_use
        self._titles = titles
        self._ratings = ratings
        self._deadline = deadline
        self._clock = clock

    def register(self, app: Robyn) -> None:
        """Add the routes."""
        app.get(REQUESTS)(self.requests)
        app.get(RATING)(self.rating)

    async def requests(self, request: Request) -> Response:
        """`{"req": N, "limit": N}`: this month's requests, as far as they are written down (within a minute)."""
        used = 0
        async with Deadline(self._deadline).of("the requests could not be counted"):
            owner = await self._keys.authenticate(request.path_params["api_key"])
            if owner.id is not None:
                totals = await self._usage.totals(self._clock.now(), [owner.id])
                used = totals.get(owner.id, UseTotals()).month
        return responses.json({"req": used, "limit": REQUEST_LIMIT}, headers={"cache-control": "no-store"})

    async def rating(self, request: Request) -> Response:
        """The IMDb rating, `9.3`; NotFound where there is none."""
        deadline = Deadline(self._deadline)
        parts = request.path_params
        async with deadline.of("the key could not be looked up"):
            owner = await self._keys.authenticate(parts["api_key"])
        self._note_use(owner)
        requested = parse_id(parts["id_type"], strip_extension(parts["id_value"]))
        async with deadline.of("the rating was not there"):
            ratings = await self._ratings.read(await self._titles.resolve(requested))
        value = ratings.values.get(RatingSource.IMDB)
        if value is not None:
            return responses.text(value, headers={"cache-control": _BRIEFLY if ratings.failed else _CACHED})
        if ratings.failed:
            raise UpstreamUnavailable(min(ratings.failed), "no rating can be had now")
        raise NotFound("no rating available")
