import asyncio
import subprocess
import sys
import time

import pytest

from openposterdb.caching.single_flight import SingleFlight
from openposterdb.errors import NotFound, OpenPosterDBError, UpstreamBroken, UpstreamUnavailable
from openposterdb.fleet.failures import read_failure, write_failure
from openposterdb.fleet.flight import FleetFlight

HOLDER = """
import asyncio, sys
sys.path.insert(0, sys.argv[3])
from openposterdb.clock import SystemClock
from openposterdb.fleet.address import connect
from openposterdb.fleet.link import Link
from openposterdb.fleet.locks import Locks
async def hold():
    locks = Locks(Link(connect(sys.argv[1]), SystemClock(), prefix=sys.argv[2], patience=20), SystemClock(), life=0.6)
    lease = await locks.take("image:k")
    asyncio.ensure_future(locks.keep(lease))
    print(lease.token, flush=True)
    await asyncio.sleep(600)
asyncio.run(hold())
"""


class Text:
    def encode(self, value: str) -> bytes:
        return value.encode()

    def decode(self, data: bytes) -> str:
        return data.decode()


class Work:
    """Something that takes until it is told to end, and counts how often it was done."""

    def __init__(self, outcome: str | Exception = "done") -> None:
        self.done = 0
        self.begun = asyncio.Event()
        self.end = asyncio.Event()
        self.outcome = outcome

    async def __call__(self) -> str:
        self.done += 1
        self.begun.set()
        await self.end.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def flight_of(replica, **options) -> FleetFlight[str]:
    return FleetFlight(
        "image", Text(), link=replica.link, locks=replica.locks, notices=replica.notices, clock=replica.clock, **options
    )  # fmt: skip


@pytest.fixture
def replicas(replica_of, shared_redis):
    return [replica_of(shared_redis.url) for _ in range(3)]


async def all_wait(replicas, work: Work, **options) -> list[asyncio.Task[str]]:
    """Every replica flies; each knows by message when the first has landed."""
    await asyncio.gather(*(replica.notices.connected.wait() for replica in replicas))
    tasks = [asyncio.ensure_future(flight_of(replica, **options).run("k", work)) for replica in replicas]
    await asyncio.wait_for(work.begun.wait(), 5)
    return tasks


async def test_the_others_get_what_one_makes(replicas):
    work, roles = Work(), []
    tasks = await all_wait(replicas, work, observe=lambda role, _waited: roles.append(role))
    await asyncio.sleep(0.05)
    work.end.set()
    assert await asyncio.gather(*tasks) == ["done"] * 3
    assert work.done == 1
    assert sorted(roles) == ["joined", "joined", "led"]


async def test_those_who_wait_are_told_and_need_not_look(replicas, monkeypatch):
    monkeypatch.setattr("openposterdb.fleet.flight._POLL_SECONDS", 600)
    work = Work()
    tasks = await all_wait(replicas, work)
    await asyncio.sleep(0.1)
    work.end.set()
    assert await asyncio.wait_for(asyncio.gather(*tasks), 5) == ["done"] * 3


async def test_a_message_that_is_lost_is_made_up_for(replicas, monkeypatch):
    monkeypatch.setattr("openposterdb.fleet.flight._POLL_SECONDS", 0.05)
    for replica in replicas:
        replica.notices.landed = replica.link.key("nobody-listens-here")
    work = Work()
    tasks = await all_wait(replicas, work)
    await asyncio.sleep(0.1)
    work.end.set()
    assert await asyncio.wait_for(asyncio.gather(*tasks), 5) == ["done"] * 3
    assert work.done == 1


@pytest.mark.parametrize(
    "error", [NotFound("no such title"), UpstreamUnavailable("tmdb", "throttles us", retry_after=7)]
)
async def test_an_error_is_shared_with_its_class_words_and_patience(replicas, error):
    work = Work(error)
    tasks = await all_wait(replicas, work)
    work.end.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {type(error)}
    assert {str(outcome) for outcome in outcomes} == {str(error)}
    assert [getattr(outcome, "retry_after", None) for outcome in outcomes] == [getattr(error, "retry_after", None)] * 3
    assert work.done == 1


async def test_a_fault_of_one_replica_is_its_own(replicas):
    work = Work(RuntimeError("a bug"))
    tasks = await all_wait(replicas[:1], work)
    work.end.set()
    with pytest.raises(RuntimeError):
        await tasks[0]
    good = Work("good")
    good.end.set()
    assert await flight_of(replicas[1]).run("k", good) == "good"


async def test_outcomes_are_shared_for_a_moment_only(replicas):
    work = Work()
    work.end.set()
    flights = [flight_of(replica, success_secs=0.1) for replica in replicas]
    assert [await flight.run("k", work) for flight in flights] == ["done"] * 3
    assert work.done == 1
    await asyncio.sleep(0.15)
    await flights[0].run("k", work)
    assert work.done == 2


async def test_a_holder_that_is_killed_costs_one_life_of_its_lock(replica, shared_redis, prefix):
    source = subprocess.Popen(
        [sys.executable, "-c", HOLDER, shared_redis.url, prefix, "."], stdout=subprocess.PIPE, text=True
    )
    assert source.stdout is not None
    await asyncio.to_thread(source.stdout.readline)
    work = Work()
    work.end.set()
    waiting = asyncio.ensure_future(flight_of(replica).run("k", work))
    await asyncio.sleep(1)  # longer than a life: the holder renews it
    assert not work.done
    source.kill()
    source.wait()
    killed = time.monotonic()
    assert await asyncio.wait_for(waiting, 10) == "done"
    assert time.monotonic() - killed < 0.6 + 3
    assert work.done == 1


async def test_a_redis_that_goes_away_fails_nobody(replica_of, redis):
    replicas = [replica_of(redis.url) for _ in range(3)]
    work = Work()
    tasks = await all_wait(replicas, work)
    redis.stop()
    work.end.set()
    assert await asyncio.wait_for(asyncio.gather(*tasks), 10) == ["done"] * 3
    redis.start()
    async with asyncio.timeout(10):
        while not all(replica.link.up and replica.notices.connected.is_set() for replica in replicas):
            await asyncio.sleep(0.02)
    again = Work("again")
    tasks = await all_wait(replicas, again)
    again.end.set()
    assert await asyncio.gather(*tasks) == ["again"] * 3
    assert again.done == 1


async def test_a_redis_that_hangs_delays_nobody_for_long(replica_of, redis):
    replicas = [replica_of(redis.url, patience=4) for _ in range(2)]
    work = Work()
    tasks = await all_wait(replicas, work)
    redis.hang()
    work.end.set()
    began = time.monotonic()
    assert await asyncio.wait_for(asyncio.gather(*tasks), 10) == ["done"] * 2
    assert time.monotonic() - began < 4


async def test_another_releases_outcome_is_not_guessed_at(replica):
    name = replica.link.key("outcome", "image:k")
    await replica.link.call("set", lambda client: client.set(name, b"+\xff\xfe"))
    work = Work()
    work.end.set()
    assert await flight_of(replica).run("k", work) == "done"


async def test_a_process_takes_part_once_for_all_who_ask_in_it(replicas):
    work, roles = Work(), []
    pairs = [
        (SingleFlight(), flight_of(replica, observe=lambda role, _waited: roles.append(role))) for replica in replicas
    ]

    def ask(process, fleet):
        return process.run("k", lambda: fleet.run("k", work))

    asking = asyncio.gather(*(ask(*pair) for pair in pairs for _ in range(100)))
    await work.begun.wait()
    work.end.set()
    assert await asking == ["done"] * 300
    assert (work.done, len(roles)) == (1, 3)


@pytest.mark.parametrize(
    "error",
    [
        NotFound("x"),
        UpstreamBroken("omdb", "answered with status 500"),
        UpstreamUnavailable("tmdb", "x", retry_after=3),
    ],
)
def test_errors_travel(error):
    again = read_failure(write_failure(error))
    assert (type(again), str(again), again.__dict__) == (type(error), str(error), error.__dict__)


def test_an_error_of_a_private_class_travels_as_the_nearest_known_one():
    class Refused(UpstreamBroken):
        pass

    assert type(read_failure(write_failure(Refused("tmdb", "no")))) is UpstreamBroken
    assert type(read_failure(write_failure(OpenPosterDBError("x")))) is OpenPosterDBError


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'"x"', b"\xff"])
def test_what_is_no_error_is_refused(data):
    with pytest.raises(ValueError):
        read_failure(data)
