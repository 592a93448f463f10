"""Insert or update, in the dialect at hand."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

_ROWS_AT_ONCE = 500  # well below the databases' limits of parameters


async def upsert(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    keep: Collection[str] = (),
) -> None:
    """Insert `rows`, of distinct primary keys; where one is there already, renew every column but those of `keep`."""
    dialect = dialect_of(connection)
    keys = [column.name for column in table.primary_key]
    ordered = sorted(rows, key=lambda row: [row[name] for name in keys])  # two writers in one order cannot deadlock
    for start in range(0, len(ordered), _ROWS_AT_ONCE):
        chunk = ordered[start : start + _ROWS_AT_ONCE]
        insert = dialect.insert(table).values([dict(row) for row in chunk])
        renewed = {name: insert.excluded[name] for name in chunk[0] if name not in keys and name not in keep}
        await connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=renewed))


def dialect_of(connection: AsyncConnection) -> Any:
    """The module whose `insert` knows `on_conflict_do_update`."""
    return postgresql if connection.dialect.name == "postgresql" else sqlite
