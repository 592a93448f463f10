"""What a service left behind on its disk and in its database."""

import sqlite3
from pathlib import Path

_ROWS = {
    "image_meta": "cache_key, length, digest",
    "base_art": "name, length, digest",
    "available_ratings": "id_key, sources",
    "title_aliases": "alias, media, tmdb",
}


def kept(environment) -> set[tuple]:
    """Every file with its bytes and every row with what it says, times apart."""
    root = Path(environment.cache_dir)
    found = {("file", str(path.relative_to(root)), path.read_bytes()) for path in root.rglob("*") if path.is_file()}
    database = sqlite3.connect(f"file:{environment.db_dir / 'openposterdb.db'}?mode=ro", uri=True)
    try:
        for table, columns in _ROWS.items():
            found |= {(table, *row) for row in database.execute(f"SELECT {columns} FROM {table}")}
    finally:
        database.close()
    return found


def names(things: set[tuple]) -> list[tuple]:
    """The things without their bytes, for an assertion's message."""
    return sorted(thing[:2] for thing in things)
