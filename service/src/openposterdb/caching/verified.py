"""Reading a blob against the length and digest noted when it was written."""

import asyncio
import hashlib

import structlog

from openposterdb.caching.store import ImageStore, StoreUnavailable

log = structlog.get_logger(__name__)

_INLINE_BYTES = 128 * 1024  # beyond, hashing is worth a thread


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def etag_of(digest: str) -> str:
    """The strong entity tag of the bytes with this digest, quotes included."""
    return f'"{digest[:32]}"'


class VerifiedStore:
    """An image store whose readers say what they expect; what does not match is dropped, so that it is made again."""

    def __init__(self, store: ImageStore) -> None:
        self._store = store

    async def read(self, name: str, *, length: int, digest: str) -> bytes | None:
        """The bytes noted with this `length` and `digest`, or None. Raises `StoreUnavailable`."""
        data = await self._store.read(name)
        if data is None:
            return None
        if len(data) == length and await digest_of(data) == digest:
            return data
        log.warning("stored_image_corrupt", name=name, expected_bytes=length, found_bytes=len(data))
        try:
            await self._store.delete(name)
        except StoreUnavailable as error:  # it stays, and is refused again next time
            log.warning("stored_image_not_dropped", name=name, error=str(error))
        return None

    async def write(self, name: str, data: bytes) -> None:
        """Keep `data`; note its length and digest where the metadata lives. Raises `StoreUnavailable`."""
        await self._store.write(name, data)

    async def delete(self, *names: str) -> None:
        """Forget the names. Raises `StoreUnavailable`."""
        await self._store.delete(*names)


async def digest_of(data: bytes) -> str:
    """`digest`, off the event loop for large data."""
    return digest(data) if len(data) <= _INLINE_BYTES else await asyncio.to_thread(digest, data)
