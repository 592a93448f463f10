"""Turns by key: work on the same thing, one after another, within the process."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """Locks by key, which last for as long as somebody holds or awaits them."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def alone_with(self, keys: Iterable[str]) -> AsyncGenerator[None]:
        """Hold back others that want one of these keys; the order of keys keeps holders from waiting in a ring."""
        async with AsyncExitStack() as held:
            for key in sorted(set(keys)):
                lock = self._locks.get(key)
                if lock is None:
                    lock = self._locks[key] = asyncio.Lock()
                await held.enter_async_context(lock)
            yield
