"""The memory of rendered images against a plain model of it: its bound, its listeners, its bytes."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from openposterdb.caching.memory import ENTRY_OVERHEAD, ImageEntry, ImageMemory
from tests.manual_clock import ManualClock

BOUND = 2000
TTL = 100
IDLE = 50

keys = st.integers(0, 12).map(str)


class MemoryMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.memory = ImageMemory(BOUND, self.clock, ttl=TTL, idle=IDLE)
        self.held: dict[str, ImageEntry] = {}  # what a listener believes to be held
        self.put_at: dict[str, float] = {}
        self.puts = 0
        self.memory.subscribe(self.drop)

    def drop(self, key: str) -> None:
        del self.held[key]  # a key that is not held must not be told of

    @rule(key=keys, size=st.integers(0, 600) | st.integers(BOUND - 70, BOUND + 10))
    def put(self, key: str, size: int) -> None:
        self.puts += 1
        body = f"{key}:{self.puts}:".encode().ljust(size, b".")
        entry = ImageEntry(body, "image/jpeg", f'"{self.puts}"', None, self.clock.now())
        kept = self.memory.put(key, entry)
        assert kept == (len(body) + ENTRY_OVERHEAD <= BOUND)
        assert key not in self.held
        if kept:
            self.held[key] = entry
            self.put_at[key] = self.clock.monotonic()

    @rule(key=keys)
    def get(self, key: str) -> None:
        expected = self.held.get(key)
        found = self.memory.get(key)
        if found is None:
            assert key not in self.held  # gone before, or told of just now
            return
        assert found is expected
        assert self.clock.monotonic() - self.put_at[key] < TTL

    @rule(key=keys)
    def discard(self, key: str) -> None:
        self.memory.discard(key)
        assert key not in self.held
        assert self.memory.get(key) is None

    @rule(seconds=st.integers(1, 60))
    def wait(self, seconds: int) -> None:
        self.clock.tick(seconds)

    @precondition(lambda self: len(self.held) > 8)
    @rule()
    def clear(self) -> None:
        self.memory.clear()
        assert not self.held

    @invariant()
    def counts_agree(self) -> None:
        assert self.memory.bytes == sum(entry.weight for entry in self.held.values())
        assert self.memory.bytes <= BOUND
        assert len(self.memory) == len(self.held)
        assert dict(self.memory.items()) == self.held


MemoryMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
TestMemory = MemoryMachine.TestCase
