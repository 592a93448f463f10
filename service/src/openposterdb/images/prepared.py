"""Prepared pictures in memory: art that is decoded, resized and encoded, and waits for badges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import openposterdb_render as native
from openposterdb.caching.memory import ENTRY_OVERHEAD, Memory
from openposterdb.clock import Clock
from openposterdb.domain import ImageKind

_IDLE_SECONDS: Final = 1800


@dataclass(frozen=True, slots=True)
class PreparedName:
    """Everything that a picture without badges depends on: the art by the SHA-256 of its bytes, kind and terms.

    Art is named by its bytes alone, so that a picture which the upstream has replaced is never mistaken for the new one,
    and one that several titles share is prepared once. `terms` are the renderer's settings with those of badges left out.
    """

    kind: ImageKind
    digest: str
    terms: native.RenderSettings

    @classmethod
    def of(cls, kind: ImageKind, digest: str, options: native.RenderSettings) -> "PreparedName":
        """The name under which all pictures share their preparation that differ in badges only."""
        terms = native.RenderSettings(
            size=options.size,
            fit=options.fit,
            chroma=options.chroma,
            quality=options.quality,
            max_bytes=options.max_bytes,
        )
        return cls(kind, digest, terms)


@dataclass(frozen=True, slots=True)
class _Held:
    picture: native.Prepared
    weight: int


class PreparedPictures:
    """Prepared pictures, at most `max_bytes` of them; what nobody draws on for half an hour goes.

    They never age: a name says what they are made of.
    """

    def __init__(self, max_bytes: int, clock: Clock) -> None:
        self._held: Memory[PreparedName, _Held] = Memory(max_bytes, clock, ttl=float("inf"), idle=_IDLE_SECONDS)

    def __len__(self) -> int:
        """Pictures held."""
        return len(self._held)

    @property
    def bytes(self) -> int:
        """What they weigh."""
        return self._held.bytes

    @property
    def max_bytes(self) -> int:
        """What they may weigh."""
        return self._held.max_bytes

    def get(self, name: PreparedName) -> native.Prepared | None:
        """The picture, if it is held."""
        held = self._held.get(name)
        return None if held is None else held.picture

    def put(self, name: PreparedName, picture: native.Prepared) -> None:
        """Hold the picture, unless it is larger than the bound."""
        self._held.put(name, _Held(picture, picture.nbytes + ENTRY_OVERHEAD))

    def discard(self, name: PreparedName) -> None:
        """Forget the picture."""
        self._held.discard(name)

    def clear(self) -> None:
        """Forget every picture."""
        self._held.clear()

    def subscribe_evictions(self, listener: Callable[[], None]) -> None:
        """Call `listener` for every picture that went for room or age."""
        self._held.subscribe_evictions(listener)
