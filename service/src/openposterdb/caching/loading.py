"""Small answers kept in memory: bounded, with a time to live, and one loader per key at a time."""

from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from cachetools import TTLCache

from openposterdb.caching.single_flight import SingleFlight
from openposterdb.clock import Clock

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LoadingCache(Generic[K, V]):
    """Values by key, loaded on demand.

    `ttl` is in seconds. Failures are not kept. `put`, `discard` and `clear` also stop a load that is under way from being
    kept or joined, so that what was read before a change never outlives it.
    """

    def __init__(self, *, max_entries: int, ttl: float, clock: Clock) -> None:
        self._values: TTLCache[K, tuple[V]] = TTLCache(maxsize=max_entries, ttl=ttl, timer=clock.monotonic)
        self._flights: SingleFlight[K, V] = SingleFlight()

    def __len__(self) -> int:
        """Entries held."""
        return len(self._values)

    def peek(self, key: K) -> V | None:
        """The value if it is held; no load is started."""
        held = self._values.get(key)
        return held[0] if held else None

    async def get(self, key: K, load: Callable[[], Awaitable[V]]) -> V:
        """The held value, or that of `load`, which callers of the same key share."""
        held = self._values.get(key)
        if held:
            return held[0]

        async def load_and_keep() -> V:
            value = await load()
            if self._flights.leads(key):
                self._values[key] = (value,)
            return value

        return await self._flights.run(key, load_and_keep)

    def put(self, key: K, value: V) -> None:
        """Hold `value` from now on."""
        self._flights.detach(key)
        self._values[key] = (value,)

    def discard(self, key: K) -> None:
        """Forget `key`."""
        self._flights.detach(key)
        self._values.pop(key, None)

    def discard_where(self, chosen: Callable[[K], bool]) -> None:
        """Forget the keys that are `chosen`, and stop loads under way from being kept."""
        self._flights.detach_all()
        for key in [key for key in self._values if chosen(key)]:
            self._values.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._flights.detach_all()
        self._values.clear()
