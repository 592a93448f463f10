"""Pictures in memory: bounded in bytes, least valuable first out.

The policy is S3-FIFO by bytes. A new one enters a short probation queue; one that is asked for again there, or comes back
soon after it left, moves to the main queue, and what the main queue gives up has not been asked for during a whole round.
A burst of pictures that nobody asks for twice passes through probation and leaves the popular ones alone. A hit
counts to three and moves nothing, which is what makes it cheap.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from openposterdb.clock import Clock

ENTRY_OVERHEAD = 64
"""Bytes that an entry weighs beyond its body."""

_PROBATION_SHARE = 10  # a tenth of the bound
_MOST_USES = 3
_PROMOTED_BY = 2  # uses in probation; a look-up by HEAD and then GET is one of them and the miss that made the image


class Weighed(Protocol):
    """What can be held."""

    @property
    def weight(self) -> int:
        """What it counts against the bound, in bytes."""
        ...


K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Weighed)


@dataclass(frozen=True, slots=True)
class ImageEntry:
    """A rendered image and what is needed to answer with it; `stored_at` is Unix time."""

    body: bytes
    content_type: str
    etag: str
    release_date: str | None
    stored_at: float

    @property
    def weight(self) -> int:
        """What it counts against the bound, in bytes."""
        return len(self.body) + ENTRY_OVERHEAD


class _Slot(Generic[V]):
    """One entry in a queue; times are monotonic seconds."""

    __slots__ = ("entry", "put_at", "used_at", "uses", "weight")

    def __init__(self, entry: V, now: float, uses: int) -> None:
        self.entry = entry
        self.weight = entry.weight
        self.put_at = now
        self.used_at = now
        self.uses = uses


class Memory(Generic[K, V]):
    """Images by key, at most `max_bytes` of them by weight.

    An image lives `ttl` seconds from its `put` and `idle` seconds from its last use.
    Listeners are told the key whenever the bytes held under it stop being the ones to serve: replaced, expired, evicted or
    discarded. One larger than the bound is not kept.
    """

    def __init__(self, max_bytes: int, clock: Clock, *, ttl: float = 3600, idle: float = 1800) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.evictions = 0
        self._clock = clock
        self._ttl = ttl
        self._idle = idle
        self._probation: OrderedDict[K, _Slot[V]] = OrderedDict()
        self._main: OrderedDict[K, _Slot[V]] = OrderedDict()
        self._probation_bytes = 0
        self._left: OrderedDict[K, int] = OrderedDict()  # keys that left probation lately, with their weight
        self._left_bytes = 0
        self._listeners: list[Callable[[K], None]] = []
        self._eviction_listeners: list[Callable[[], None]] = []

    def __len__(self) -> int:
        """Images held, some of which may have expired."""
        return len(self._probation) + len(self._main)

    def subscribe(self, listener: Callable[[K], None]) -> None:
        """Call `listener` with every key whose bytes are no longer held; it must not call back into this memory."""
        self._listeners.append(listener)

    def subscribe_evictions(self, listener: Callable[[], None]) -> None:
        """Call `listener` for every image that went for room or age."""
        self._eviction_listeners.append(listener)

    def get(self, key: K) -> V | None:
        """The image, which counts as a use; None when it is not held or has expired."""
        slot = self._main.get(key) or self._probation.get(key)
        if slot is None:
            return None
        now = self._clock.monotonic()
        if self._expired(slot, now):
            self._expire(key)
            return None
        slot.used_at = now
        if slot.uses < _MOST_USES:
            slot.uses += 1
        return slot.entry

    def peek(self, key: K) -> V | None:
        """The image as it is held, expired or not; this is no use of it."""
        slot = self._main.get(key) or self._probation.get(key)
        return slot.entry if slot is not None else None

    def items(self) -> list[tuple[K, V]]:
        """Every image as it is held now, the oldest of each queue first; this is no use of them."""
        return [(key, slot.entry) for queue in (self._probation, self._main) for key, slot in queue.items()]

    def put(self, key: K, entry: V) -> bool:
        """Hold the image in place of the one under `key`; False when it is larger than the bound."""
        now = self._clock.monotonic()
        self._expire_oldest(now)
        popular = key in self._main
        replaced = self._take(key)
        if replaced is not None:
            self._tell(key)
        if entry.weight > self.max_bytes:
            return False
        slot = _Slot(entry, now, replaced.uses if replaced else 0)
        returning = self._forget_leaving(key)
        self._make_room(slot.weight)
        if popular or returning:
            self._main[key] = slot
        else:
            self._probation[key] = slot
            self._probation_bytes += slot.weight
        self.bytes += slot.weight
        return True

    def discard(self, key: K) -> None:
        """Forget the image."""
        if self._take(key) is not None:
            self._tell(key)

    def clear(self) -> None:
        """Forget every image."""
        for key in [*self._probation, *self._main]:
            self.discard(key)

    def _expired(self, slot: _Slot[V], now: float) -> bool:
        return now - slot.put_at >= self._ttl or now - slot.used_at >= self._idle

    def _expire(self, key: K) -> None:
        self._take(key)
        self._tell_eviction(key)

    def _expire_oldest(self, now: float) -> None:
        """Drop expired images from the old ends of both queues: each is paid for by the `put` that brought it."""
        for queue in (self._probation, self._main):
            while queue:
                key, slot = next(iter(queue.items()))
                if not self._expired(slot, now):
                    break
                self._expire(key)

    def _make_room(self, weight: int) -> None:
        while self.bytes + weight > self.max_bytes:
            if self._probation and (self._probation_bytes * _PROBATION_SHARE > self.max_bytes or not self._main):
                self._leave_probation()
            else:
                self._leave_main()

    def _leave_probation(self) -> None:
        key, slot = self._probation.popitem(last=False)
        self._probation_bytes -= slot.weight
        if slot.uses >= _PROMOTED_BY:
            slot.uses = 0
            self._main[key] = slot
            return
        self.bytes -= slot.weight
        self._left[key] = slot.weight
        self._left_bytes += slot.weight
        while self._left_bytes > self.max_bytes:
            _, weight = self._left.popitem(last=False)
            self._left_bytes -= weight
        self._tell_eviction(key)

    def _leave_main(self) -> None:
        key, slot = self._main.popitem(last=False)
        if slot.uses > 0:
            slot.uses -= 1
            self._main[key] = slot
            return
        self.bytes -= slot.weight
        self._tell_eviction(key)

    def _forget_leaving(self, key: K) -> bool:
        weight = self._left.pop(key, None)
        self._left_bytes -= weight or 0
        return weight is not None

    def _take(self, key: K) -> _Slot[V] | None:
        slot = self._main.pop(key, None)
        if slot is None:
            slot = self._probation.pop(key, None)
            if slot is None:
                return None
            self._probation_bytes -= slot.weight
        self.bytes -= slot.weight
        return slot

    def _tell_eviction(self, key: K) -> None:
        self.evictions += 1
        for listener in self._eviction_listeners:
            listener()
        self._tell(key)

    def _tell(self, key: K) -> None:
        for listener in self._listeners:
            listener(key)


class ImageMemory(Memory[str, ImageEntry]):
    """Rendered images by cache key."""
