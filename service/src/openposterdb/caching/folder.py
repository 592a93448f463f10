"""The image store in a folder of the machine."""

import asyncio
import contextlib
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import structlog

from openposterdb.caching.eviction import UNFINISHED, FolderBound, note_use
from openposterdb.caching.store import StoreUnavailable, check_name

log = structlog.get_logger(__name__)

T = TypeVar("T")


class FolderStore:
    """Files below `root`, written to a temporary name, synced and renamed; all of it in threads off the event loop.

    Folders are made on demand. At most `max_writes` writes wait at a time; beyond, `write` raises `StoreUnavailable` at
    once, since a disk that is so far behind would only fill the memory. With `max_bytes` the least recently used files
    leave when there are more (see `eviction`).
    """

    def __init__(self, root: Path, *, threads: int = 4, max_writes: int = 64, max_bytes: int | None = None) -> None:
        self.root = root
        self.bound = None if max_bytes is None else FolderBound(root, max_bytes)
        self._max_writes = max_writes
        self._writes = 0
        self._readers = ThreadPoolExecutor(threads, thread_name_prefix="store-read")
        self._writers = ThreadPoolExecutor(threads, thread_name_prefix="store-write")

    async def read(self, name: str) -> bytes | None:
        """The bytes written last, whole, or None."""
        path = self._path(name)
        bounded = self.bound is not None
        return await self._run(self._readers, lambda: _read(path, noted=bounded))

    async def write(self, name: str, data: bytes) -> None:
        """Keep `data`; a caller that is cancelled leaves the write going on."""
        path = self._path(name)
        if self._writes >= self._max_writes:
            raise StoreUnavailable("image store: too many writes waiting")
        self._writes += 1
        future = asyncio.get_running_loop().run_in_executor(self._writers, _write, self.root, path, data)
        future.add_done_callback(self._written)
        try:
            await asyncio.shield(future)
        except OSError as error:
            raise _unavailable(error) from error
        if self.bound is not None:
            self.bound.wrote(len(data))

    async def delete(self, *names: str) -> None:
        """Forget the names, in one go; nothing happens for one that is not there."""
        paths = [self._path(name) for name in names]
        await self._run(self._writers, lambda: _delete(paths))

    async def tidy(self, *, older_than: float = 3600) -> int:
        """Remove what writers that were killed left unfinished at least `older_than` seconds ago; how many it were.

        Raises StoreUnavailable where nothing could be written.
        """
        removed = await self._run(self._writers, lambda: _tidy(self.root, time.time() - older_than))
        if removed:
            log.info("store_tidied", removed=removed)
        if self.bound is not None:
            self.bound.start()
        return removed

    def close(self) -> None:
        """Finish the writes under way; the store cannot be used afterwards. Blocks."""
        if self.bound is not None:
            self.bound.close()
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)

    def _path(self, name: str) -> Path:
        check_name(name)
        return self.root / name

    def _written(self, future: asyncio.Future[None]) -> None:
        self._writes -= 1
        if not future.cancelled():
            future.exception()  # seen, also when the caller has left

    @staticmethod
    async def _run(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, work)
        except OSError as error:
            raise _unavailable(error) from error


def _unavailable(error: OSError) -> StoreUnavailable:
    return StoreUnavailable(f"image store: {error.strerror or type(error).__name__}")


def _read(path: Path, *, noted: bool) -> bytes | None:
    try:
        if not noted:
            return path.read_bytes()
        with path.open("rb") as file:
            note_use(path, os.fstat(file.fileno()), time.time())
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _write(root: Path, path: Path, data: bytes) -> None:
    _make_folder(root, path.parent)
    unfinished = path.parent / f"{UNFINISHED}{os.getpid()}-{secrets.token_hex(8)}"
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the first error is the one to tell
            unfinished.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _make_folder(root: Path, folder: Path) -> None:
    """Make `folder` and those above it, up to `root`, and sync each new one's parent, so that none is lost in a crash."""
    if folder.is_dir():
        return
    if folder != root:
        _make_folder(root, folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)
    else:
        folder.mkdir(parents=True, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _delete(paths: list[Path]) -> None:
    for path in paths:
        with contextlib.suppress(NotADirectoryError, IsADirectoryError):
            path.unlink(missing_ok=True)


def _tidy(root: Path, before: float) -> int:
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=root, prefix=UNFINISHED):
        pass
    removed = 0
    for folder, _, files in os.walk(root):
        for name in files:
            if name.startswith(UNFINISHED):
                path = Path(folder, name)
                with contextlib.suppress(FileNotFoundError):  # another process tidies too
                    if path.stat().st_mtime < before:
                        path.unlink()
                        removed += 1
    return removed
