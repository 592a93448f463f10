"""Where bytes are kept beyond the process: one interface, a folder behind it, or nothing."""

from typing import Protocol

from openposterdb.errors import OpenPosterDBError

_MOST_NAME_BYTES = 1024
_MOST_COMPONENT_BYTES = 255


class StoreUnavailable(OpenPosterDBError):
    """The store cannot read or write now: full, read-only, broken or too far behind. Callers log it and go on without."""


class UnsafeName(ValueError):
    """A name that does not stay below the store's root."""


class ImageStore(Protocol):
    """Bytes by name. Names are relative paths with `/` between their parts; `UnsafeName` for any that is not safe.

    Every call may raise `StoreUnavailable`.
    """

    async def read(self, name: str) -> bytes | None:
        """The bytes written last, whole, or None."""
        ...

    async def write(self, name: str, data: bytes) -> None:
        """Keep `data`: afterwards, and after a crash at any time, `name` holds all of it or what it held before."""
        ...

    async def delete(self, *names: str) -> None:
        """Forget the names; nothing happens for one that is not there."""
        ...


class NullStore:
    """Keeps nothing: for processes whose images live in memory and in caches in front alone."""

    async def read(self, name: str) -> bytes | None:
        """Nothing, always."""
        check_name(name)
        return None

    async def write(self, name: str, data: bytes) -> None:  # noqa: ARG002 - the interface's own
        """Let the bytes go."""
        check_name(name)

    async def delete(self, *names: str) -> None:
        """Nothing to do."""
        for name in names:
            check_name(name)


class StoreSection:
    """A part of another store: everything below one prefix of it."""

    def __init__(self, store: ImageStore, prefix: str) -> None:
        check_name(prefix)
        self._store = store
        self._prefix = prefix

    async def read(self, name: str) -> bytes | None:
        """The bytes written last, whole, or None."""
        return await self._store.read(self._within(name))

    async def write(self, name: str, data: bytes) -> None:
        """Keep `data` below the prefix."""
        await self._store.write(self._within(name), data)

    async def delete(self, *names: str) -> None:
        """Forget the names below the prefix."""
        await self._store.delete(*(self._within(name) for name in names))

    def _within(self, name: str) -> str:
        check_name(name)
        return f"{self._prefix}/{name}"


def rendered_section(store: ImageStore, epoch: int) -> StoreSection:
    """Where images of this renderer's epoch live, so that a new renderer never serves old pixels nor the reverse."""
    return StoreSection(store, f"r{epoch}")


def base_art_section(store: ImageStore) -> StoreSection:
    """Where downloaded pictures live; they outlive renderers."""
    return StoreSection(store, "base")


def check_name(name: str) -> None:
    """Raise `UnsafeName` unless every part of `name` is a plain, visible file name of tolerable length."""
    if len(name.encode(errors="surrogatepass")) > _MOST_NAME_BYTES:
        raise UnsafeName("name too long")
    for part in name.split("/"):
        if not part or part.startswith(".") or "\\" in part or not part.isprintable():
            raise UnsafeName(f"unsafe name: {name!r}")
        if len(part.encode()) > _MOST_COMPONENT_BYTES:
            raise UnsafeName("name too long")
