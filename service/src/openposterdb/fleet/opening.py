"""Everything of the fleet on one Redis, opened and closed together."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from openposterdb.buckets import Rate
from openposterdb.clock import Clock
from openposterdb.fleet.address import connect
from openposterdb.fleet.answers import AnswerCodec, SharedAnswers
from openposterdb.fleet.budgets import FleetBudget
from openposterdb.fleet.flight import Codec, FleetFlight
from openposterdb.fleet.images import RedisBytes, RedisImages
from openposterdb.fleet.limits import FleetBuckets
from openposterdb.fleet.link import Link
from openposterdb.fleet.locks import Locks
from openposterdb.fleet.marks import Marks
from openposterdb.fleet.notices import Notices
from openposterdb.telemetry import Metrics
from openposterdb.upstreams.budgets import Allowance, name_of_key

V = TypeVar("V")

_ANSWERS_SECONDS = 20.0
"""How long after an upstream's answer a replica that wants it too makes no call of its own."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """What replicas share. Nothing of it fails a request while Redis is away."""

    link: Link
    locks: Locks
    notices: Notices
    clock: Clock
    metrics: Metrics
    watches: "list[asyncio.Task[None]]"
    """What runs for as long as the fleet is open."""

    def state(self) -> str:
        """For `/readyz`: `ok`, or since what this process works alone. It informs and does not decide."""
        return "ok" if self.link.problem is None else f"away: {self.link.problem}"

    def images(self, epoch: int) -> RedisImages:
        """The rendered images of a renderer's epoch."""
        return RedisImages(self.link, epoch=epoch)

    def prepared(self, epoch: int) -> RedisBytes:
        """The prepared art of a renderer's epoch."""
        return RedisBytes(self.link, "prepared", epoch=epoch)

    def flight(self, subject: str, codec: Codec[V], *, success_secs: float = 5.0) -> FleetFlight[V]:
        """Single flight for work of one subject, such as `image`, whose outcome counts for a moment afterwards."""
        return FleetFlight(
            subject, codec, success_secs=success_secs,
            link=self.link, locks=self.locks, notices=self.notices, clock=self.clock, observe=self._observe_flight,
        )  # fmt: skip

    def answers(self) -> SharedAnswers:
        """What upstream services say, asked for by one replica for all."""
        return SharedAnswers(self.flight("upstream", AnswerCodec(), success_secs=_ANSWERS_SECONDS))

    def buckets(self, name: str, rate: Rate, *, max_buckets: int = 100_000) -> FleetBuckets:
        """Buckets of one rate, which tell and hear for as long as the fleet is open."""
        shared = FleetBuckets(rate, self.clock, link=self.link, name=name, max_buckets=max_buckets)
        self.watches.append(asyncio.create_task(shared.watch()))
        return shared

    def marks(self, subject: str, *, seconds: int) -> Marks:
        """Names that replicas remember together for so long."""
        return Marks(self.link, subject, seconds=seconds)

    def budget(self, service: str, allowance: Allowance, keys: Sequence[str]) -> FleetBudget:
        """The budget of an upstream service with these keys, of which Redis sees digests only."""
        return FleetBudget(service, allowance, [name_of_key(key) for key in keys], link=self.link, clock=self.clock)

    def _observe_flight(self, role: str, waited: float) -> None:
        if role == "joined":
            self.metrics.coalesced.labels("fleet").inc()
        self.metrics.lock_wait_seconds.observe(waited)


@asynccontextmanager
async def open_fleet(url: str, *, clock: Clock, metrics: Metrics) -> AsyncGenerator[Fleet]:
    """The fleet on the Redis at `url`, which need not be there yet. ValueError for a URL of another form."""

    def observe(command: str, seconds: float, *, ok: bool) -> None:
        metrics.redis_seconds.labels(command if ok else "failed").observe(seconds)

    link = Link(connect(url), clock, observe=observe)
    notices = Notices(link, clock)
    metrics.export_redis(lambda: link.up)
    await link.open()
    watches = [asyncio.create_task(link.watch()), asyncio.create_task(notices.watch())]
    try:
        yield Fleet(link, Locks(link, clock), notices, clock, metrics, watches)
    finally:
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
        await link.close()
