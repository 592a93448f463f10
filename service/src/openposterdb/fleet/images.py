"""Rendered images and prepared art that all replicas share: the layer between a process's memory and the image store."""

import json
import struct
from collections.abc import Collection
from typing import Any

import structlog

from openposterdb.caching.memory import ImageEntry
from openposterdb.caching.verified import digest_of, etag_of
from openposterdb.fleet.link import BULK_SECONDS, Link, RedisAway

log = structlog.get_logger(__name__)

_FORM = 1
_HEAD = struct.Struct(">BI")
_DAY = 86_400
_KEYS_AT_ONCE = 500


class RedisBytes:
    """Bytes of one `subject` by key, made by one renderer's `epoch`: what another one made is never found.

    How much is kept is for Redis's own `maxmemory` and `allkeys-lfu` to decide; `ttl` seconds only bound how long what
    nobody asks for stays. Whoever reads bytes has to know what they are. Redis away is a miss.
    """

    def __init__(
        self, link: Link, subject: str, *, epoch: int, ttl: int = 7 * _DAY, max_bytes: int = 8 * 1024 * 1024
    ) -> None:
        self._link = link
        self._subject = subject
        self._section = f"r{epoch}"
        self._ttl = ttl
        self._max_bytes = max_bytes

    async def get(self, key: str) -> bytes | None:
        """The bytes, unchecked."""
        name = self._name(key)
        try:
            value = await self._link.call(f"{self._subject}_get", lambda client: client.get(name), within=BULK_SECONDS)
        except RedisAway:
            return None
        return value if isinstance(value, bytes) else None

    async def put(self, key: str, value: bytes) -> bool:
        """Share the bytes; False when they are too many or Redis is away."""
        if len(value) > self._max_bytes:
            return False
        name = self._name(key)
        try:
            await self._link.call(
                f"{self._subject}_set", lambda client: client.set(name, value, ex=self._ttl), within=BULK_SECONDS
            )
        except RedisAway:
            return False
        return True

    async def delete(self, keys: Collection[str]) -> bool:
        """Forget the keys; False when Redis is away, and what it holds may still be read when it is back."""
        names = [self._name(key) for key in keys]
        try:
            for start in range(0, len(names), _KEYS_AT_ONCE):
                chunk = names[start : start + _KEYS_AT_ONCE]
                await self._link.call(f"{self._subject}_delete", lambda client, chunk=chunk: client.unlink(*chunk))
        except RedisAway:
            return False
        return True

    def _name(self, key: str) -> str:
        return self._link.key(self._section, self._subject, key)


class RedisImages:
    """Images by cache key, each with all its metadata in one value, so that it is there as a whole or not at all."""

    def __init__(self, link: Link, *, epoch: int, ttl: int = 7 * _DAY, max_bytes: int = 8 * 1024 * 1024) -> None:
        self._max_bytes = max_bytes
        self._values = RedisBytes(link, "image", epoch=epoch, ttl=ttl, max_bytes=2 * max_bytes)

    async def get(self, key: str) -> ImageEntry | None:
        """The image, however old; None when Redis does not have it whole."""
        value = await self._values.get(key)
        entry = None if value is None else await decode(value)
        if value is not None and entry is None:
            log.warning("shared_image_corrupt", bytes=len(value))
            await self.delete([key])
        return entry

    async def put(self, key: str, entry: ImageEntry) -> bool:
        """Share the image; False when it is too large or Redis is away."""
        return len(entry.body) <= self._max_bytes and await self._values.put(key, encode(entry))

    async def delete(self, keys: Collection[str]) -> bool:
        """Forget the images; False when Redis is away, and what it holds may still be read when it is back."""
        return await self._values.delete(keys)


def encode(entry: ImageEntry) -> bytes:
    """One value: form, length of the metadata, the metadata, the body."""
    metadata = {
        "type": entry.content_type,
        "etag": entry.etag,
        "released": entry.release_date,
        "stored": entry.stored_at,
    }
    text = json.dumps(metadata, separators=(",", ":")).encode()
    return b"".join((_HEAD.pack(_FORM, len(text)), text, entry.body))


async def decode(value: bytes) -> ImageEntry | None:
    """The image, or None for what this version did not write or somebody damaged."""
    try:
        form, length = _HEAD.unpack_from(value)
        metadata: dict[str, Any] = json.loads(value[_HEAD.size : _HEAD.size + length])
        entry = ImageEntry(
            body=value[_HEAD.size + length :],
            content_type=str(metadata["type"]),
            etag=str(metadata["etag"]),
            release_date=metadata["released"],
            stored_at=float(metadata["stored"]),
        )
    except (struct.error, ValueError, KeyError, TypeError):
        return None
    if form != _FORM or etag_of(await digest_of(entry.body)) != entry.etag:
        return None
    return entry
