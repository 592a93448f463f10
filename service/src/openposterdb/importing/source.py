"""The database of an existing installation, read in one go and never written to."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

READ: Final = {
    "admin_users": ("username", "password_hash"),
    "api_keys": ("key_hash",),
    "api_key_settings": ("api_key_id",),
    "global_settings": ("key", "value"),
}
"""The tables that are read, with the columns without which their rows mean nothing."""

_BUSY_SECONDS = 5.0
_HEADER = b"SQLite format 3\x00"
_WAL = b"\x02\x02"  # the versions at byte 18 of a database with a write-ahead log


class SourceError(Exception):
    """The file cannot be imported; the message is the rest of a sentence that begins with its name."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table's columns and rows as they are, whatever their types; `missing` are the columns that it has to have."""

    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    missing: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many rows it has."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Source:
    """The tables of `READ` that there are, and how many rows the others have."""

    tables: Mapping[str, SourceTable]
    others: Mapping[str, int] = field(default_factory=dict[str, int])

    def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        """The rows of a table, none when there is no such table or it cannot be understood."""
        found = self.tables.get(table)
        return found.rows if found is not None and not found.missing else ()


def read_source(path: Path) -> Source:
    """Everything that could be imported, as of one moment, also while another program writes. Raises `SourceError`.

    A database with a write-ahead log makes even its readers create files beside it. While there is no log nobody has it
    open, and the file alone is the whole truth: then it is read as it lies, which also works on a read-only volume.
    """
    _check_file(path)
    try:
        if _is_at_rest(path):
            before = path.stat()
            with suppress(sqlite3.Error):  # somebody may write meanwhile; then it is read again, the usual way
                source = _read(path, "mode=ro&immutable=1")
                if _is_at_rest(path) and path.stat().st_mtime_ns == before.st_mtime_ns:
                    return source
        return _read(path, "mode=ro")
    except sqlite3.Error as error:
        raise SourceError(_explain(error)) from error
    except OSError as error:
        raise SourceError(_unreadable(error)) from error


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            inside = path / "openposterdb.db"
            hint = f"name the file in it: {inside}" if inside.is_file() else "name the database file"
            raise SourceError(f"is a folder: {hint}")
        with path.open("rb") as file:
            start = file.read(len(_HEADER))
    except FileNotFoundError:
        raise SourceError("does not exist") from None
    except OSError as error:
        raise SourceError(_unreadable(error)) from None
    if start and start != _HEADER:
        raise SourceError("is not a SQLite database")


def _is_at_rest(path: Path) -> bool:
    """Whether the database would have a write-ahead log beside it if anybody had it open, and has none."""
    with path.open("rb") as file:
        file.seek(len(_HEADER) + 2)
        return file.read(2) == _WAL and not path.with_name(f"{path.name}-wal").exists()


def _read(path: Path, mode: str) -> Source:
    with closing(_connect(path, mode)) as connection:
        connection.execute("BEGIN")
        return _tables(connection)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"file:{quote(str(path.absolute()))}?{mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    connection.text_factory = _text
    connection.row_factory = sqlite3.Row
    return connection


def _text(raw: bytes) -> str:
    """Text that the plan can tell from what is no UTF-8."""
    return raw.decode("utf-8", "surrogateescape")


def _tables(connection: sqlite3.Connection) -> Source:
    listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    names = [str(row["name"]) for row in listed if not str(row["name"]).startswith("sqlite_")]
    if "api_keys" not in names:
        found = f"its tables are {', '.join(names[:5])}{', …' if names[5:] else ''}" if names else "it has no tables"
        raise SourceError(f"is not the database of an OpenPosterDB: {found}")
    tables = {name: _table(connection, name, needed) for name, needed in READ.items() if name in names}
    if tables["api_keys"].missing:
        raise SourceError("is not the database of an OpenPosterDB: api_keys has no column key_hash")
    return Source(tables, {name: _count(connection, name) for name in names if name not in READ})


def _table(connection: sqlite3.Connection, name: str, needed: tuple[str, ...]) -> SourceTable:
    found = connection.execute(f"SELECT * FROM {_quoted(name)}")  # noqa: S608 - the name is quoted
    columns = tuple(column[0] for column in found.description)
    missing = tuple(column for column in needed if column not in columns)
    return SourceTable(columns, tuple(dict(row) for row in found.fetchall()), missing)


def _count(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()[0])  # noqa: S608 - quoted


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _explain(error: sqlite3.Error) -> str:
    code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte says what kind of error it is
    if code == sqlite3.SQLITE_NOTADB:
        return "is not a SQLite database"
    if code == sqlite3.SQLITE_CORRUPT:
        return "is damaged: copy it again while the other program does not run"
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return "is locked by another program: try again, or stop that program first"
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
        return "cannot be read where it lies: copy it, and the file ending in -wal beside it, into a folder of your own"
    return f"cannot be read ({error})"


def _unreadable(error: OSError) -> str:
    return f"cannot be read ({(error.strerror or type(error).__name__).lower()})"
