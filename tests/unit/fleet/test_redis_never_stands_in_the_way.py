import asyncio
import socket
import time

import pytest

from openposterdb.clock import SystemClock
from openposterdb.fleet.address import SentinelAddress, connect, parse_sentinel
from openposterdb.fleet.link import Link, RedisAway
from tests.manual_clock import ManualClock
from tests.servers.process import free_port
from tests.servers.redis import running_redis
from tests.unit.fleet.conftest import until_up


async def get(link: Link, key: str = "k"):
    return await link.call("get", lambda client: client.get(key))


async def test_a_redis_that_is_not_there_is_tried_once(replica_of):
    link = replica_of(f"redis://127.0.0.1:{free_port()}").link
    with pytest.raises(RedisAway):
        await get(link)
    assert not link.up

    async def unreachable(_client):
        raise AssertionError

    with pytest.raises(RedisAway):
        await link.call("get", unreachable)


async def test_a_redis_that_hangs_costs_its_deadline_once_and_comes_back(replica_of, redis):
    link = replica_of(redis.url, patience=1).link
    await link.open()
    redis.hang()
    began = time.monotonic()
    for _ in range(50):
        with pytest.raises(RedisAway):
            await get(link)
    assert time.monotonic() - began < 1
    assert link.problem == "took longer than 50 ms"
    redis.go_on()
    await until_up(link)
    assert await get(link) is None


async def test_a_redis_that_was_killed_comes_back(replica_of, redis):
    link = replica_of(redis.url).link
    await link.call("set", lambda client: client.set("k", "v"))
    redis.stop()
    with pytest.raises(RedisAway):
        await get(link)
    redis.start()
    await until_up(link)
    assert await get(link) is None


async def test_an_answer_that_we_overslept_is_not_its_fault(shared_redis, prefix):
    clock = ManualClock()
    link = Link(connect(shared_redis.url), clock, prefix=prefix)

    async def oversleep(_client):
        clock.tick(5)  # as when the process was busy with something else
        await asyncio.sleep(5)

    with pytest.raises(RedisAway):
        await link.call("get", oversleep, within=0.01)
    assert link.up
    await link.close()


async def test_an_answer_that_came_while_we_stood_still_is_taken(shared_redis, prefix):
    link = Link(connect(shared_redis.url), SystemClock(), prefix=prefix)
    asked, answered = socket.socketpair()
    asked.setblocking(False)

    def stand_still():
        time.sleep(0.02)  # what blocks the loop is what this is about
        answered.send(b"answer")

    async def ask(_client):
        loop = asyncio.get_running_loop()
        loop.call_soon(stand_still)
        return await loop.sock_recv(asked, 10)

    with asked, answered:
        assert await link.call("get", ask, within=0.01) == b"answer"
    await link.close()


async def test_one_late_answer_among_others_that_come_in_time_is_not_redis_being_away(shared_redis, prefix):
    clock = ManualClock()
    link = Link(connect(shared_redis.url), clock, prefix=prefix, patience=20)
    asked = asyncio.Event()

    async def never(_client):
        asked.set()
        await asyncio.Event().wait()

    late = asyncio.ensure_future(link.call("get", never, within=0.01))
    await asked.wait()
    clock.tick(0.15)
    await get(link)
    clock.tick(0.15)  # as long as is allowed after the other's answer, and more since this one was asked for
    with pytest.raises(RedisAway):
        await late
    assert link.up
    await link.close()


async def test_a_crowd_takes_turns_on_few_connections(replica_of, redis):
    link = replica_of(redis.url).link
    await link.open()
    await asyncio.gather(*(get(link) for _ in range(2000)))
    assert link.up
    clients = await link.call("clients", lambda client: client.info("clients"))
    assert clients["connected_clients"] <= 18


async def test_a_redis_that_is_away_at_the_start_is_found_later(replica_of, redis):
    redis.stop()
    link = replica_of(redis.url).link
    await link.open()
    assert not link.up
    redis.start()
    await until_up(link)
    assert await get(link) is None


async def test_every_command_is_told_with_its_time(shared_redis, prefix):
    told = []
    link = Link(
        connect(shared_redis.url), SystemClock(), prefix=prefix, patience=20,
        observe=lambda command, seconds, *, ok: told.append((command, ok, 0 <= seconds < 5)),
    )  # fmt: skip
    await get(link)
    with pytest.raises(RedisAway):
        await link.call("nonsense", lambda client: client.execute_command("NONSENSE"))
    assert told == [("get", True, True), ("nonsense", False, True)]
    await link.close()


async def test_scripts_outlive_a_flushed_script_cache(replica):
    script = replica.link.script("return ARGV[1]")
    assert await script.run("echo", [], ["a"]) == b"a"
    await replica.link.call("flush", lambda client: client.script_flush())
    assert await script.run("echo", [], ["b"]) == b"b"


async def test_a_user_with_few_rights_and_a_password_is_let_in():
    with running_redis(
        *["--user", "app", "on", ">secret", "~openposterdb:*", "&openposterdb:*", "+@all", "--user", "default", "off"]
    ) as server:
        url = server.url.replace("//", "//app:secret@")
        link = Link(connect(url), SystemClock(), patience=20)
        key = link.key("k")
        await link.call("set", lambda client: client.set(key, "v"), within=1)
        assert await get(link, key) == b"v"
        await link.close()
        stranger = Link(connect(server.url), SystemClock())
        with pytest.raises(RedisAway) as raised:
            await stranger.call("get", lambda client: client.get(key), within=1)
        assert "secret" not in str(raised.value)
        await stranger.close()


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("one:1,two/main/3", SentinelAddress((("one", 1), ("two", 26379)), "main", 3, None, None, tls=True)),
        ("u:p%40@[::1]:5/main", SentinelAddress((("::1", 5),), "main", 0, "u", "p@", True, "u", "p@")),
        (":p?q@one/main", SentinelAddress((("one", 26379),), "main", 0, None, "p?q", True, None, "p?q")),
        (":p@one/main/", SentinelAddress((("one", 26379),), "main", 0, None, "p", True, None, "p")),
        (
            "u:p@one/main?sentinel_password=q%40&ssl_ca_certs=/ca.pem",
            SentinelAddress((("one", 26379),), "main", 0, "u", "p", True, None, "q@", "/ca.pem"),
        ),
        ("u:p@one/main?sentinel_password=", SentinelAddress((("one", 26379),), "main", 0, "u", "p", True)),
    ],
)
def test_sentinels_are_named_in_one_url(rest, expected):
    assert parse_sentinel(rest, tls=True) == expected


@pytest.mark.parametrize(
    "url",
    ["", "secret", "http://secret@host", "redis+sentinel://secret@host:1", "redis+sentinel://host:secret/main",
     "redis+sentinel:///main", "redis+sentinel://host/main/secret", "redis://:secret@host:port/0"],
)  # fmt: skip
def test_other_urls_are_refused_without_being_quoted(url):
    with pytest.raises(ValueError) as raised:
        connect(url)
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    "url", ["redis://h", "rediss://u:p@h:1/2", "unix:///tmp/s", "redis+sentinel://h/m", "rediss+sentinel://h/m/1"]
)
async def test_these_urls_are_taken(url):
    await connect(url).aclose()


async def breaks() -> None:
    raise ConnectionError


async def answers() -> str:
    return "an answer that came in the same moment"


@pytest.mark.parametrize("swallow", [breaks, answers])
async def test_a_caller_that_is_cancelled_is_cancelled_whatever_the_client_makes_of_it(replica_of, swallow):
    """Whoever loops over calls must end, and so must whoever waits for that."""
    link = replica_of(f"redis://127.0.0.1:{free_port()}").link
    began = asyncio.Event()

    async def work(_client):
        try:
            began.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return await swallow()

    calling = asyncio.ensure_future(link.call("get", work, within=60))
    await began.wait()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    assert link.up, "it says nothing of Redis"


async def test_who_was_cancelled_still_gives_back_what_it_took(replica):
    began, locks = asyncio.Event(), replica.locks

    async def holds():
        lease = await locks.take("name")
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            assert await locks.release(lease)

    holding = asyncio.ensure_future(holds())
    await began.wait()
    holding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holding
    assert await locks.take("name") is not None
