import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.caching.folder import FolderStore
from openposterdb.caching.store import NullStore, StoreUnavailable
from openposterdb.caching.verified import VerifiedStore, digest, digest_of

DATA = bytes(range(256)) * 2000
NAME = "logos/tmdb/movie-1.png"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[FolderStore]:
    store = FolderStore(tmp_path)
    yield store
    store.close()


@pytest.mark.parametrize("data", [b"", b"short", DATA])
async def test_what_matches_is_read(folder, data):
    store = VerifiedStore(folder)
    await store.write(NAME, data)
    assert await store.read(NAME, length=len(data), digest=digest(data)) == data


@pytest.mark.parametrize(
    "corrupt",
    [
        DATA[:-1],
        DATA + b"x",
        b"",
        bytes([DATA[0] ^ 1]) + DATA[1:],
        DATA[:-1] + bytes([DATA[-1] ^ 128]),
        b"\0" * len(DATA),
    ],
    ids=["truncated", "longer", "empty", "first bit", "last bit", "zeroed"],
)
async def test_what_does_not_match_is_dropped_and_made_again(folder, corrupt):
    store = VerifiedStore(folder)
    await store.write(NAME, DATA)
    (folder.root / NAME).write_bytes(corrupt)
    assert await store.read(NAME, length=len(DATA), digest=digest(DATA)) is None
    assert await folder.read(NAME) is None
    await store.write(NAME, DATA)
    assert await store.read(NAME, length=len(DATA), digest=digest(DATA)) == DATA


async def test_what_is_absent_is_no_corruption():
    assert await VerifiedStore(NullStore()).read(NAME, length=1, digest="") is None


class Undeletable(NullStore):
    async def read(self, name: str) -> bytes | None:
        return b"wrong"

    async def delete(self, name: str) -> None:
        raise StoreUnavailable("image store: Read-only file system")


async def test_corrupt_bytes_that_cannot_be_dropped_are_still_not_served():
    assert await VerifiedStore(Undeletable()).read(NAME, length=5, digest=digest(b"right")) is None


@given(st.binary(max_size=300))
def test_the_digest_is_sha256_in_hex(data):
    assert digest(data) == hashlib.sha256(data).hexdigest()


async def test_large_data_digests_alike_off_the_loop():
    assert await digest_of(DATA) == digest(DATA)
