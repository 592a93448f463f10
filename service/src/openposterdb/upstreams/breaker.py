"""A circuit that stops calling a service which fails at large."""

from collections import Counter, deque
from dataclasses import dataclass

from openposterdb.clock import Clock


@dataclass(frozen=True, slots=True)
class Trip:
    """When a circuit opens. `window` and `probe_after` are in seconds, `failure_rate` in 0…1."""

    window: float = 30.0
    min_failures: int = 20
    failure_rate: float = 0.5
    probe_after: float = 3.0


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to make one call."""

    probe: bool


class Breaker:
    """Opens when at least half of what was asked lately failed, and failed for many different resources.

    Failures count once per resource: a title that is asked for a thousand times and is broken each time weighs as one,
    and a dozen broken ones in a row are too few. While open, one call every few seconds goes through as a probe; the
    first that succeeds closes the circuit.
    """

    _MOST_EVENTS = 4096

    def __init__(self, clock: Clock, trip: Trip | None = None) -> None:
        self._clock = clock
        self._trip = trip or Trip()
        self._events: deque[tuple[float, str | None]] = deque()
        self._failing: Counter[str] = Counter()
        self._successes = 0
        self._next_probe: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether calls are being refused, probes apart."""
        return self._next_probe is not None

    def admit(self) -> Permit | float:
        """Leave to call, or the seconds until it is worth asking again."""
        if self._next_probe is None:
            return Permit(probe=False)
        left = self._next_probe - self._clock.monotonic()
        if left > 0:
            return left
        self._next_probe = self._clock.monotonic() + self._trip.probe_after
        return Permit(probe=True)

    def record(self, permit: Permit, resource: str, *, ok: bool) -> None:
        """Take note of how the call for `resource` ended. A call that was cancelled need not be recorded."""
        if self._next_probe is not None:
            if permit.probe:
                self._end_probe(ok=ok)
            return
        now = self._clock.monotonic()
        self._forget_before(now - self._trip.window)
        self._events.append((now, None if ok else resource))
        if ok:
            self._successes += 1
            return
        self._failing[resource] += 1
        failures = len(self._failing)
        if failures >= self._trip.min_failures and failures >= self._trip.failure_rate * (failures + self._successes):
            self._next_probe = now + self._trip.probe_after

    def _end_probe(self, *, ok: bool) -> None:
        if not ok:
            self._next_probe = self._clock.monotonic() + self._trip.probe_after
            return
        self._next_probe = None
        self._events.clear()
        self._failing.clear()
        self._successes = 0

    def _forget_before(self, start: float) -> None:
        while self._events and (self._events[0][0] < start or len(self._events) >= self._MOST_EVENTS):
            _, resource = self._events.popleft()
            if resource is None:
                self._successes -= 1
                continue
            self._failing[resource] -= 1
            if not self._failing[resource]:
                del self._failing[resource]
