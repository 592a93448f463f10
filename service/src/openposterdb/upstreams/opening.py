"""Opening the upstreams that the environment configures."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from pydantic import SecretStr

from openposterdb.clock import Clock
from openposterdb.config import Environment, Quota
from openposterdb.upstreams import policy
from openposterdb.upstreams.breaker import Breaker
from openposterdb.upstreams.budgets import Allowance, ProcessBudget
from openposterdb.upstreams.calls import Caller, Observe, Sharing, Wire, alone, unobserved
from openposterdb.upstreams.fanart import Fanart
from openposterdb.upstreams.mdblist import Mdblist
from openposterdb.upstreams.omdb import Omdb
from openposterdb.upstreams.pictures import PictureSource
from openposterdb.upstreams.policy import Budgets, RetryPolicy
from openposterdb.upstreams.spending import BudgetOf, Spending, split_keys
from openposterdb.upstreams.spending import unobserved as uncounted
from openposterdb.upstreams.tmdb import Tmdb
from openposterdb.upstreams.transport import open_client

T = TypeVar("T")

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


@dataclass(frozen=True, slots=True)
class Together:
    """What the upstreams share with other replicas; without it a process is on its own. `left` hears what a day has left."""

    share: Sharing = alone
    budget_of: BudgetOf | None = None
    left: Callable[[str, int], None] = uncounted


@asynccontextmanager
async def open_upstreams(
    environment: Environment, *, clock: Clock, observe: Observe = unobserved, together: Together | None = None
) -> AsyncGenerator[Upstreams]:
    """The configured services on one HTTP client, which is closed at the end."""
    together = together or Together()
    async with open_client() as client:
        yield build_upstreams(environment, Wire(client, clock, observe, share=together.share), together)


def build_upstreams(environment: Environment, wire: Wire, together: Together) -> Upstreams:
    """The configured services; each has a circuit and a budget of its own, and pictures apart from the APIs."""
    seconds = Budgets.within(environment.request_deadline_secs)
    circuits: dict[str, Breaker] = {}

    def circuit(name: str) -> Breaker:
        return circuits.setdefault(name, Breaker(wire.clock))

    def spending(service: str, quota: Quota, keys: tuple[str, ...]) -> Spending:
        allowance = allowance_of(quota)
        budget_of = together.budget_of
        if budget_of is None:
            return Spending(service, ProcessBudget(allowance, wire.clock, keys=len(keys)), together.left)
        return Spending(service, budget_of(service, allowance, keys), together.left)

    def caller(service: str, retries: RetryPolicy, budget: float, quota: Quota, keys: str) -> Caller:
        spent = spending(service, quota, split_keys(keys))
        return Caller(service, wire, retries, budget=budget, breaker=circuit(service), spending=spent)

    def pictures(service: str, retries: RetryPolicy, budget: float, base_url: str) -> PictureSource:
        circuit_name = f"{service}_images"
        picture_caller = Caller(
            service,
            wire,
            retries,
            budget=budget,
            breaker=circuit(circuit_name),
            spending=spending(circuit_name, Quota(), ("",)),
            max_at_once=_PICTURES_AT_ONCE,
        )
        return PictureSource(picture_caller, base_urls=(base_url,))

    def tmdb() -> Tmdb:
        key = environment.tmdb_api_key.get_secret_value()
        asks = caller("tmdb", policy.TMDB_API, seconds.tmdb, environment.tmdb_quota, key)
        return Tmdb(asks, base_url=environment.tmdb_api_base_url, key=key)

    def fanart(key: str) -> Fanart:
        asks = caller("fanart", policy.FANART, seconds.fanart, environment.fanart_quota, key)
        return Fanart(asks, base_url=environment.fanart_api_base_url, key=key)

    def mdblist(key: str) -> Mdblist:
        asks = caller("mdblist", policy.MDBLIST, seconds.ratings, environment.mdblist_quota, key)
        return Mdblist(asks, base_url=environment.mdblist_api_base_url, key=key)

    def omdb(key: str) -> Omdb:
        asks = caller("omdb", policy.OMDB, seconds.ratings, environment.omdb_quota, key)
        return Omdb(asks, base_url=environment.omdb_api_base_url, key=key)

    return Upstreams(
        tmdb=tmdb(),
        fanart=_if_configured(environment.fanart_api_key, fanart),
        mdblist=_if_configured(environment.mdblist_api_key, mdblist),
        omdb=_if_configured(environment.omdb_api_key, omdb),
        pictures={
            "tmdb": pictures("tmdb", policy.TMDB_IMAGES, seconds.tmdb_images, environment.tmdb_image_base_url),
            "fanart": pictures("fanart", policy.FANART, seconds.fanart_images, environment.fanart_image_base_url),
        },
        circuits=circuits,
    )


def _if_configured(key: SecretStr | None, make: Callable[[str], T]) -> T | None:
    return None if key is None else make(key.get_secret_value())


def allowance_of(quota: Quota) -> Allowance:
    """A quarter of a second's calls at once, and a rate that together with them is not above the quota in any second."""
    if quota.per_second is None:
        return Allowance(per_day=quota.per_day)
    burst = max(1, int(quota.per_second / 4))
    return Allowance(quota.per_second - (burst - 1), burst, quota.per_day)
