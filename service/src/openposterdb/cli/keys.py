"""`openposterdb keys`: create, list, revoke."""

import typer

from openposterdb.accounts.keys import hash_key, mint, prefix_of
from openposterdb.accounts.rules import check_key_name
from openposterdb.cli.database import open_database
from openposterdb.cli.rules import obeyed
from openposterdb.clock import SystemClock
from openposterdb.config import DatabaseEnvironment
from openposterdb.storage.repositories import ApiKeyRepository


async def create(environment: DatabaseEnvironment, name: str) -> None:
    """Print a new key. Exits with status 2 for a name that no key may have."""
    obeyed(check_key_name, name)
    async with open_database(environment) as database:
        raw = mint()
        await ApiKeyRepository(database, SystemClock()).create(name, hash_key(raw), prefix_of(raw))
    typer.echo(raw)


async def show(environment: DatabaseEnvironment) -> None:
    """Print a line per key: id, prefix, created, last used, name."""
    async with open_database(environment) as database:
        keys = await ApiKeyRepository(database, SystemClock()).list()
    if not keys:
        typer.echo("There are no keys yet: openposterdb keys create NAME", err=True)
    for key in keys:
        used = key.last_used_at or "never used"
        typer.echo(f"{key.id:>4}  {key.key_prefix}…  {key.created_at}  {used:<19}  {key.name}")


async def revoke(environment: DatabaseEnvironment, key: str) -> None:
    """Delete a key, given by id or in full. Exits with status 1 when there is no such key."""
    async with open_database(environment) as database:
        keys = ApiKeyRepository(database, SystemClock())
        if key.isascii() and key.isdigit() and len(key) < 19:
            revoked = await keys.revoke(int(key))
        else:
            found = await keys.find_by_hash(hash_key(key.strip()))
            revoked = found is not None and await keys.revoke(found.id)
    if not revoked:
        typer.echo("There is no such key; `openposterdb keys list` shows them with their ids.", err=True)
        raise typer.Exit(1)
    typer.echo("Revoked.")
