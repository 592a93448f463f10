"""The image store in a bucket of S3 or of anything that speaks its protocol."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from openposterdb.caching.store import StoreUnavailable, check_name
from openposterdb.config.bucket_address import BucketAddress

if TYPE_CHECKING:  # they have no body at run time
    from obstore.store import ClientConfig, RetryConfig

_CONNECT_SECONDS = 2
_ATTEMPT_SECONDS = 5
_SECONDS = 10.0
_RETRIES = 2
_DELETES_AT_ONCE = 32
_PROBE = "openposterdb"


class BucketStore:
    """Objects by name below the address's prefix; every call ends within ten seconds, retries included.

    At most `max_writes` writes are under way at a time; beyond, `write` raises `StoreUnavailable` at once, as a folder does.
    ValueError for an address that leads nowhere.
    """

    def __init__(self, address: BucketAddress, *, max_writes: int = 64, seconds: float = _SECONDS) -> None:
        self._store = _open(address)
        self._max_writes = max_writes
        self._writes = 0
        self._seconds = seconds

    async def read(self, name: str) -> bytes | None:
        """The bytes written last, whole, or None."""
        check_name(name)
        try:
            async with asyncio.timeout(self._seconds):
                found = await obstore.get_async(self._store, name)
                return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:  # a TimeoutError is an OSError
            raise _unavailable(error) from None

    async def write(self, name: str, data: bytes) -> None:
        """Keep `data`: the bucket has all of it or what it had before."""
        check_name(name)
        if self._writes >= self._max_writes:
            raise StoreUnavailable("image store: too many writes waiting")
        self._writes += 1
        try:
            async with asyncio.timeout(self._seconds):
                await obstore.put_async(self._store, name, data)
        except (BaseError, OSError) as error:
            raise _unavailable(error) from None
        finally:
            self._writes -= 1

    async def delete(self, *names: str) -> None:
        """Forget the names; nothing happens for one that is not there."""
        for name in names:
            check_name(name)
        for start in range(0, len(names), _DELETES_AT_ONCE):
            await asyncio.gather(*(self._delete(name) for name in names[start : start + _DELETES_AT_ONCE]))

    async def _delete(self, name: str) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await obstore.delete_async(self._store, name)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise _unavailable(error) from None

    async def tidy(self) -> int:
        """Nothing: what was not written to its end was never there. Raises StoreUnavailable unless the bucket answers."""
        await self.read(_PROBE)
        return 0

    def close(self) -> None:
        """Nothing to give back."""


def _open(address: BucketAddress) -> S3Store:
    given = {"prefix": address.prefix, "endpoint": address.endpoint, "region": address.region}
    options: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    client: ClientConfig = {
        "connect_timeout": timedelta(seconds=_CONNECT_SECONDS),
        "timeout": timedelta(seconds=_ATTEMPT_SECONDS),
        "user_agent": "openposterdb",
    }
    if address.endpoint is not None and address.endpoint.startswith("http://"):
        client["allow_http"] = True
    retries: RetryConfig = {
        "max_retries": _RETRIES,
        "retry_timeout": timedelta(seconds=_ATTEMPT_SECONDS),
        "backoff": {"init_backoff": timedelta(milliseconds=50), "max_backoff": timedelta(seconds=1), "base": 2},
    }
    try:
        return S3Store(
            address.bucket,
            **options,
            virtual_hosted_style_request=not address.path_style,
            disable_bulk_delete=True,  # not everything that speaks S3 knows it
            client_options=client,
            retry_config=retries,
        )
    except BaseError:
        raise ValueError("not the address of a bucket, or not its credentials") from None


def _unavailable(error: Exception) -> StoreUnavailable:
    """By the kind of failure alone: the rest of it names hosts and keys."""
    return StoreUnavailable(f"image store: {type(error).__name__}")
