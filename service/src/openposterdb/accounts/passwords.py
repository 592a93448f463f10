"""Hashing of passwords: slow by design, so it has threads of its own, and a queue that ends."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

import structlog
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from openposterdb.errors import Overloaded

log = structlog.get_logger(__name__)

R = TypeVar("R")

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
_NOBODYS: Final = f"$argon2id$v=19$m=19456,t=2,p=1${'A' * 22}${'A' * 43}"
"""What a password is verified against when there is no such user, so that the answer takes the same time."""

_NICENESS: Final = 10
_TOO_MANY: Final = "too many logins at once; try again in a moment"


class Passwords:
    """Argon2id, off the event loop, at a priority below everything else: a flood of logins slows no image.

    At most `most_waiting` calls wait for one of the `threads`; those beyond are refused with `Overloaded`.
    """

    def __init__(self, *, threads: int = 1, most_waiting: int = 16) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="passwords", initializer=_step_back)
        self._places = threading.BoundedSemaphore(threads + most_waiting)

    async def hash(self, password: str) -> str:
        """The PHC string to store, with a salt of its own."""
        return await self._run(lambda: _HASHER.hash(_bytes(password)))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the one that was hashed, with whatever parameters; False for None, after the same time."""
        if password_hash is None:
            await self._run(lambda: _matches(_NOBODYS, password))
            return False
        return await self._run(lambda: _matches(password_hash, password))

    def check_room(self) -> None:
        """Raise `Overloaded` while nobody more may wait: a flood is refused before it costs a look into the database."""
        if not self._places.acquire(blocking=False):
            raise Overloaded(_TOO_MANY)
        self._places.release()

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash has other parameters than a new one would have."""
        return _HASHER.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Refuse what waits and let the threads end."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], R]) -> R:
        if not self._places.acquire(blocking=False):
            raise Overloaded(_TOO_MANY)
        try:
            future = self._executor.submit(work)
        except BaseException:
            self._places.release()
            raise
        future.add_done_callback(self._leave)  # also for callers who have gone: their work still takes its time
        return await asyncio.wrap_future(future)

    def _leave(self, _done: "Future[R]") -> None:
        self._places.release()


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, _bytes(password))
    except VerifyMismatchError:
        return False
    except (
        VerificationError,
        InvalidHashError,
        UnicodeEncodeError,
    ) as error:  # what is stored is no hash: nobody gets in by it
        log.warning("password_hash_unusable", error=type(error).__name__)
        return False


def _bytes(password: str) -> bytes:
    return password.encode(errors="surrogatepass")


def _step_back() -> None:
    """Lower this thread's priority, where threads have one."""
    if sys.platform != "linux":
        return
    thread = threading.get_native_id()
    try:
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _NICENESS)
    except OSError as error:  # a sandbox forbids it; logins work all the same
        log.info("password_threads_keep_their_priority", error=error.strerror)
