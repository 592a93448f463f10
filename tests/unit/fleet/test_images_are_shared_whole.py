from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.caching.memory import ImageEntry
from openposterdb.caching.verified import digest, etag_of
from openposterdb.fleet.images import RedisImages, decode, encode

KEY = "tmdb/movie-278@mil.pbc.sh.li.dh.zm"


def entry(body: bytes = b"jpeg" * 1000) -> ImageEntry:
    return ImageEntry(body, "image/jpeg", etag_of(digest(body)), "1994-09-23", 1_700_000_000.5)


async def test_what_one_replica_makes_the_others_find(replica, other):
    mine, theirs = RedisImages(replica.link, epoch=1), RedisImages(other.link, epoch=1)
    assert await theirs.get(KEY) is None
    assert await mine.put(KEY, entry())
    assert await theirs.get(KEY) == entry()
    assert await theirs.delete([KEY, "unknown"])
    assert await mine.get(KEY) is None


async def test_another_renderer_finds_nothing(replica):
    await RedisImages(replica.link, epoch=1).put(KEY, entry())
    assert await RedisImages(replica.link, epoch=2).get(KEY) is None


async def test_what_nobody_asks_for_leaves(replica):
    images = RedisImages(replica.link, epoch=1, ttl=100)
    await images.put(KEY, entry())
    (name,) = await replica.link.call("keys", lambda client: client.keys(f"{replica.link.prefix}:*"))
    assert 90 < await replica.link.call("ttl", lambda client: client.ttl(name)) <= 100


async def test_one_that_is_too_large_is_not_shared(replica):
    images = RedisImages(replica.link, epoch=1, max_bytes=10)
    assert not await images.put(KEY, entry())
    assert await images.get(KEY) is None


async def test_a_damaged_one_is_dropped(replica):
    images = RedisImages(replica.link, epoch=1)
    await images.put(KEY, entry())
    (name,) = await replica.link.call("keys", lambda client: client.keys(f"{replica.link.prefix}:*"))
    await replica.link.call("setrange", lambda client: client.setrange(name, 200, b"X"))
    assert await images.get(KEY) is None
    assert await replica.link.call("exists", lambda client: client.exists(name)) == 0


async def test_without_redis_it_is_a_miss(replica_of, redis):
    images = RedisImages(replica_of(redis.url).link, epoch=1)
    await images.put(KEY, entry())
    redis.stop()
    assert await images.get(KEY) is None
    assert not await images.put(KEY, entry())
    assert not await images.delete([KEY])


async def test_a_full_redis_costs_no_request(replica_of, redis):
    replica = replica_of(redis.url)
    images = RedisImages(replica.link, epoch=1)
    await replica.link.call("config", lambda client: client.config_set("maxmemory", "2mb"))
    await replica.link.call("config", lambda client: client.config_set("maxmemory-policy", "allkeys-lfu"))
    for number in range(60):
        await images.put(f"{KEY}{number}", entry(bytes([number]) * 50_000))
    assert replica.link.up
    assert await images.get(f"{KEY}59") is not None


@given(body=st.binary(max_size=300), released=st.none() | st.dates().map(str), stored=st.floats(0, 1e11))
async def test_a_value_says_everything(body, released, stored):
    made = replace(entry(body), release_date=released, stored_at=stored)
    assert await decode(encode(made)) == made


@given(st.binary(max_size=200), st.integers(0, 300))
async def test_any_other_value_is_none(noise, cut):
    assert await decode(noise) is None
    whole = encode(entry())
    assert await decode(whole[:cut] + noise + whole[cut:]) == (None if noise else entry())


@pytest.mark.parametrize(
    "value", [b"", b"\x01", b"\x02" + encode(entry())[1:], b"\x01\x00\x00\x00\x02[]", encode(entry())[:-1]]
)
async def test_values_of_another_form_are_none(value):
    assert await decode(value) is None
