"""What holds for a folder and for a bucket alike, and what only a bucket can do to us."""

import asyncio
import os
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openposterdb.caching.bucket import BucketStore
from openposterdb.caching.folder import FolderStore
from openposterdb.caching.store import StoreSection, StoreUnavailable, UnsafeName, base_art_section, check_name
from openposterdb.config.bucket_address import BucketAddress, parse_bucket_url
from tests.servers.bucket import ACCESS_KEY, SECRET_KEY, BucketServer, running_bucket
from tests.servers.process import free_port

NAME = "posters/tmdb/movie-278_f_pt-BR@mil.pbc.sh.li.dh.zm.jpg"


@pytest.fixture
def credentials(monkeypatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)


def address_of(server: BucketServer, bucket: str | None = None) -> BucketAddress:
    return BucketAddress(bucket or server.create(), "a/prefix", server.endpoint, "us-east-1")


@pytest.fixture
def bucket(bucket_server, credentials) -> BucketStore:
    return BucketStore(address_of(bucket_server))


@pytest.fixture
def folder(tmp_path) -> Iterator[FolderStore]:
    store = FolderStore(tmp_path / "cache")
    yield store
    store.close()


@pytest.fixture(params=["folder", "bucket"])
def store(request):
    return request.getfixturevalue(request.param)


async def test_what_is_written_is_read(store):
    for data in (b"abc", b"", bytes(range(256)) * 20_000):
        await store.write(NAME, data)
        assert await store.read(NAME) == data


async def test_what_was_never_written_is_absent(store):
    assert await store.read(NAME) is None
    await store.delete(NAME)
    await store.delete()
    assert await store.read(NAME) is None


async def test_the_last_write_counts(store):
    await store.write(NAME, b"old")
    await store.write(NAME, b"new")
    assert await store.read(NAME) == b"new"


async def test_deleted_is_absent(store):
    names = [f"posters/{number}.jpg" for number in range(230)]
    await asyncio.gather(*(store.write(name, b"abc") for name in names[:60]))
    await asyncio.gather(*(store.write(name, b"abc") for name in names[200:]))
    await store.write(NAME, b"abc")
    await store.delete(*names)
    assert {await store.read(name) for name in names} == {None}
    assert await store.read(NAME) == b"abc"


async def test_readers_see_whole_versions_while_it_is_written(store):
    versions = {bytes([number]) * 50_000 for number in range(20)}
    await store.write(NAME, min(versions))

    async def read_on() -> None:
        for _ in range(40):
            assert await store.read(NAME) in versions

    await asyncio.gather(read_on(), read_on(), *(store.write(NAME, version) for version in versions))


async def test_sections_do_not_meet(store):
    await StoreSection(store, "r1").write(NAME, b"one")
    await base_art_section(store).write(NAME, b"base")
    assert await StoreSection(store, "r1").read(NAME) == b"one"
    assert await StoreSection(store, "r2").read(NAME) is None
    assert await store.read(f"base/{NAME}") == b"base"


@pytest.mark.parametrize("name", ["", "/a", "..", "a/../b", "a//b", "a/.hidden", "a\0b", "a\\b", "x" * 256, "\ud800"])
async def test_unsafe_names_are_refused(store, name):
    for call in (store.read(name), store.write(name, b""), store.delete("fine", name)):
        with pytest.raises(UnsafeName):
            await call


async def test_it_is_ready_at_the_start(store):
    assert await store.tidy() == 0


@settings(max_examples=30)
@given(
    names=st.lists(st.text("ab%#?&+ =~é日{}^`<>|\"'*;:,!$()[]@._-/", min_size=1, max_size=12), min_size=2, max_size=2)
)
def test_any_names_are_kept_apart_in_a_bucket(bucket_server, names):
    pairs = []
    for name in names:
        try:
            check_name(name)
        except UnsafeName:
            return
        pairs.append(f"x-{name}")
    if len(set(pairs)) < 2 or any(name.startswith(f"{other}/") for name in pairs for other in pairs):
        return

    async def write_and_read() -> list[bytes | None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
            store = BucketStore(address_of(bucket_server))
        for number, name in enumerate(pairs):
            await store.write(name, bytes([number]))
        return [await store.read(name) for name in pairs]

    assert asyncio.run(write_and_read()) == [b"\0", b"\1"]


async def test_prefixes_keep_installations_apart(bucket_server, credentials):
    name = bucket_server.create()
    one, two = (BucketStore(BucketAddress(name, prefix, bucket_server.endpoint)) for prefix in ("one", None))
    await one.write(NAME, b"one")
    assert await two.read(NAME) is None
    assert await two.read(f"one/{NAME}") == b"one"
    assert (bucket_server.folder / name / "one" / NAME).read_bytes() == b"one"


async def refused(store: BucketStore) -> list[str]:
    outcomes = await asyncio.gather(
        store.read(NAME), store.write(NAME, b"abc"), store.delete(NAME), store.tidy(), return_exceptions=True
    )
    assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}
    return [str(outcome) for outcome in outcomes]


async def test_a_bucket_that_does_not_let_us_in_is_told_without_its_name(bucket_server, credentials, monkeypatch):
    address = address_of(bucket_server)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    for message in await refused(BucketStore(address)):
        assert message == "image store: PermissionDeniedError"


async def test_a_bucket_that_is_away_is_told(credentials):
    began = time.monotonic()
    await refused(BucketStore(BucketAddress("images", None, f"http://127.0.0.1:{free_port()}")))
    assert time.monotonic() - began < 8


async def test_a_bucket_that_hangs_costs_its_deadline(credentials):
    with running_bucket() as server:
        store = BucketStore(address_of(server), seconds=0.3)
        await store.write(NAME, b"abc")
        server.hang()
        began = time.monotonic()
        await refused(store)
        assert time.monotonic() - began < 3
        server.go_on()
        assert await BucketStore(address_of(server)).read(NAME) is None


async def test_writes_that_the_bucket_cannot_follow_are_refused(bucket_server, credentials):
    store = BucketStore(address_of(bucket_server), max_writes=2)
    outcomes = await asyncio.gather(*(store.write(f"n{n}", b"x") for n in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None)] * 2 + [StoreUnavailable] * 3
    await store.write("later", b"x")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3://images", BucketAddress("images")),
        ("s3://images/", BucketAddress("images")),
        ("s3://images/a/b/", BucketAddress("images", "a/b")),
        (
            "s3://my.images/p?endpoint=http://minio:9000&region=eu-1&path_style=false",
            BucketAddress("my.images", "p", "http://minio:9000", "eu-1", path_style=False),
        ),
    ],
)
def test_a_bucket_is_named_by_a_url(url, expected):
    assert parse_bucket_url(url) == expected


@pytest.mark.parametrize(
    "url",
    ["", "/secret", "http://secret/x", "s3://", "s3:///secret", "s3://key:secret@images", "s3://images?secret", "s3://i:secret",
     "s3://images/../secret", "s3://images?endpoint=secret", "s3://images?path_style=secret", "s3://images#secret",
     "s3://i:1/secret", "s3://[secret"],
)  # fmt: skip
def test_other_urls_are_refused_without_being_quoted(url):
    with pytest.raises(ValueError) as raised:
        parse_bucket_url(url)
    assert "secret" not in str(raised.value)


def test_an_option_that_there_is_not_is_named():
    with pytest.raises(ValueError, match="no option 'acl'"):
        parse_bucket_url("s3://images?acl=x")
