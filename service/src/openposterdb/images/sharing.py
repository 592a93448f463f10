"""Renders that replicas share: one draws, the others get what it drew."""

import json
import struct
from collections.abc import Awaitable, Callable
from typing import Any, Final

from openposterdb.caching.layers import ImageLayers
from openposterdb.caching.memory import ImageEntry
from openposterdb.fleet.flight import FleetFlight
from openposterdb.images.request import ServedImage

RENDERS_SECONDS: Final = 10.0
"""How long after a render a replica that was late gets its outcome without looking for it in the layers."""

_HEAD: Final = struct.Struct(">I")
_MEMBERS: Final = ("content_type", "etag", "release_date", "max_age", "cache_key", "degraded", "stored_at")


class ImageCodec:
    """An answer as bytes: what its headers need, and its body."""

    def encode(self, value: ServedImage) -> bytes:
        """The answer as bytes."""
        head = json.dumps({name: getattr(value, name) for name in _MEMBERS}).encode()
        return b"".join((_HEAD.pack(len(head)), head, value.body))

    def decode(self, data: bytes) -> ServedImage:
        """The answer again; ValueError for what is none."""
        try:
            (length,) = _HEAD.unpack_from(data)
            head: dict[str, Any] = json.loads(data[_HEAD.size : _HEAD.size + length])
            return ServedImage(body=data[_HEAD.size + length :], **{name: head[name] for name in _MEMBERS})
        except (struct.error, KeyError, TypeError) as problem:
            raise ValueError("not an image of this release") from problem


class SharedRenders:
    """One render per cache key for all replicas; each keeps in its own memory what another drew.

    Those who know of a purge share nothing with those who do not: what was drawn before it is gone.
    """

    def __init__(self, flight: FleetFlight[ServedImage], layers: ImageLayers, *, epoch: int) -> None:
        self._flight = flight
        self._layers = layers
        self._epoch = epoch

    async def __call__(self, key: str, draw: Callable[[], Awaitable[ServedImage]], /) -> ServedImage:
        """The image that `draw` makes, here or elsewhere."""
        served = await self._flight.run(f"r{self._epoch}:{self._layers.purges_seen or 0}:{key}", draw)
        if served.cache_key is not None:
            entry = ImageEntry(served.body, served.content_type, served.etag, served.release_date, served.stored_at)
            self._layers.adopt(served.cache_key, entry)
        return served
