"""Opening the upstreams that the environment configures."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from openposterdb.clock import Clock
from openposterdb.config import Environment
from openposterdb.upstreams import policy
from openposterdb.upstreams.breaker import Breaker
from openposterdb.upstreams.calls import Caller, Observe, Wire, unobserved
from openposterdb.upstreams.fanart import Fanart
from openposterdb.upstreams.mdblist import Mdblist
from openposterdb.upstreams.omdb import Omdb
from openposterdb.upstreams.pictures import PictureSource
from openposterdb.upstreams.policy import Budgets, RetryPolicy
from openposterdb.upstreams.tmdb import Tmdb
from openposterdb.upstreams.transport import open_client

_PICTURES_AT_ONCE = 24
"""Each may be 30 MiB while it is downloaded."""


@dataclass(frozen=True, slots=True)
class Upstreams:
    """Every service, None for those without a key; `pictures` is by service.

    `circuits` are those of the services that are configured, `tmdb_images` and `fanart_images` apart.
    """

    tmdb: Tmdb
    fanart: Fanart | None
    mdblist: Mdblist | None
    omdb: Omdb | None
    pictures: dict[str, PictureSource]
    circuits: Mapping[str, Breaker]


@asynccontextmanager
async def open_upstreams(
    environment: Environment, *, clock: Clock, observe: Observe = unobserved
) -> AsyncGenerator[Upstreams]:
    """The configured services on one HTTP client, which is closed at the end."""
    async with open_client() as client:
        yield build_upstreams(environment, Wire(client, clock, observe))


def build_upstreams(environment: Environment, wire: Wire) -> Upstreams:
    """The configured services; each has a circuit of its own, and pictures apart from the APIs."""
    budgets = Budgets.within(environment.request_deadline_secs)
    fanart_key, mdblist_key, omdb_key = (
        environment.fanart_api_key,
        environment.mdblist_api_key,
        environment.omdb_api_key,
    )

    circuits: dict[str, Breaker] = {}

    def circuit(name: str) -> Breaker:
        return circuits.setdefault(name, Breaker(wire.clock))

    def pictures(service: str, retries: RetryPolicy, budget: float, base_url: str) -> PictureSource:
        caller = Caller(
            service, wire, retries, budget=budget, breaker=circuit(f"{service}_images"), max_at_once=_PICTURES_AT_ONCE
        )
        return PictureSource(caller, base_urls=(base_url,))

    return Upstreams(
        tmdb=Tmdb(
            Caller("tmdb", wire, policy.TMDB_API, budget=budgets.tmdb, breaker=circuit("tmdb")),
            base_url=environment.tmdb_api_base_url,
            key=environment.tmdb_api_key.get_secret_value(),
        ),
        fanart=Fanart(
            Caller("fanart", wire, policy.FANART, budget=budgets.fanart, breaker=circuit("fanart")),
            base_url=environment.fanart_api_base_url,
            key=fanart_key.get_secret_value(),
        )
        if fanart_key
        else None,
        mdblist=Mdblist(
            Caller("mdblist", wire, policy.MDBLIST, budget=budgets.ratings, breaker=circuit("mdblist")),
            base_url=environment.mdblist_api_base_url,
            key=mdblist_key.get_secret_value(),
        )
        if mdblist_key
        else None,
        omdb=Omdb(
            Caller("omdb", wire, policy.OMDB, budget=budgets.ratings, breaker=circuit("omdb")),
            base_url=environment.omdb_api_base_url,
            key=omdb_key.get_secret_value(),
        )
        if omdb_key
        else None,
        pictures={
            "tmdb": pictures("tmdb", policy.TMDB_IMAGES, budgets.tmdb_images, environment.tmdb_image_base_url),
            "fanart": pictures("fanart", policy.FANART, budgets.fanart_images, environment.fanart_image_base_url),
        },
        circuits=circuits,
    )
