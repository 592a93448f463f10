"""The image store in a bucket of S3 or of anything that speaks its protocol.

    s3://bucket                     s3://bucket/a/prefix
    s3://bucket/prefix?endpoint=https://minio.example:9000&region=eu-central-1&path_style=true

What the URL leaves out is taken from the usual variables, the credentials always: `AWS_ACCESS_KEY_ID`,
`AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL`, or the identity of the pod or the machine.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from openposterdb.caching.store import StoreUnavailable, UnsafeName, check_name

if TYPE_CHECKING:  # they have no body at run time
    from obstore.store import ClientConfig, RetryConfig

_CONNECT_SECONDS = 2
_ATTEMPT_SECONDS = 5
_SECONDS = 10.0
_RETRIES = 2
_OPTIONS = {"endpoint", "region", "path_style"}
_DELETES_AT_ONCE = 32
_PROBE = "openposterdb"
_SWITCH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """Where the pictures go; None leaves a part to the environment. `path_style` names the bucket in the path, not the host."""

    bucket: str
    prefix: str | None = None
    endpoint: str | None = None
    region: str | None = None
    path_style: bool = True


def parse_bucket_url(url: str) -> BucketAddress:
    """The parts of an `s3://` URL; ValueError, which does not quote it, for what is none."""
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        port = parts.port
    except ValueError:
        raise ValueError("not the URL of a bucket") from None
    if parts.scheme != "s3" or not parts.netloc or parts.fragment or port is not None:
        raise ValueError("the URL of a bucket is s3://bucket/prefix")
    if "@" in parts.netloc:
        raise ValueError("credentials belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, not into the URL")
    if unknown := options.keys() - _OPTIONS:
        raise ValueError(f"a bucket has no option {min(unknown)!r}: there are {', '.join(sorted(_OPTIONS))}")
    endpoint = options.get("endpoint")
    if endpoint is not None and urlsplit(endpoint).scheme not in {"http", "https"}:
        raise ValueError("the endpoint of a bucket is an http:// or https:// URL")
    style = options.get("path_style", "true").lower()
    if style not in _SWITCH:
        raise ValueError("path_style is true or false")
    prefix = parts.path.strip("/") or None
    if prefix is not None:
        try:
            check_name(prefix)
        except UnsafeName:
            raise ValueError("the prefix in a bucket is a path of plain names") from None
    return BucketAddress(
        bucket=parts.netloc,
        prefix=prefix,
        endpoint=endpoint,
        region=options.get("region"),
        path_style=_SWITCH[style],
    )


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
