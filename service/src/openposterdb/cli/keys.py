"""`openposterdb keys`: create, list, revoke."""

from typing import Final

import typer

from openposterdb.accounts.keys import hash_key, mint, prefix_of
from openposterdb.accounts.rules import check_key_name
from openposterdb.cli.database import open_database
from openposterdb.cli.rules import obeyed
from openposterdb.cli.trail import ACTOR, trail_of
from openposterdb.clock import SystemClock
from openposterdb.config import DatabaseEnvironment
from openposterdb.http.api.trail import key_label
from openposterdb.storage.repositories import ApiKeyRepository
from openposterdb.storage.rows import ApiKey

_DAY: Final = 86_400


async def create(environment: DatabaseEnvironment, name: str, *, days: int | None = None) -> None:
    """Print a new key, good for `days` or for ever. Exits with status 2 for a name that no key may have."""
    obeyed(check_key_name, name)
    clock = SystemClock()
    expires_at = None if days is None else clock.now() + days * _DAY
    async with open_database(environment) as database:
        raw = mint()
        key = await ApiKeyRepository(database, clock).create(name, hash_key(raw), prefix_of(raw), expires_at=expires_at)
        await trail_of(database).record(ACTOR, "key_created", target=key_label(key), detail=key.name)
    typer.echo(raw)


async def show(environment: DatabaseEnvironment) -> None:
    """Print a line per key: id, prefix, created, last used, until when it is good, name."""
    async with open_database(environment) as database:
        keys = await ApiKeyRepository(database, SystemClock()).list()
    if not keys:
        typer.echo("There are no keys yet: openposterdb keys create NAME", err=True)
    for key in keys:
        used = key.last_used_at or "never used"
        until = f"until {key.expires_at}" if key.expires_at else "for ever"
        typer.echo(f"{key.id:>4}  {key.key_prefix}…  {key.created_at}  {used:<19}  {until:<25}  {key.name}")


async def revoke(environment: DatabaseEnvironment, text: str) -> None:
    """Delete a key, given by id or in full. Exits with status 1 when there is no such key."""
    async with open_database(environment) as database:
        keys = ApiKeyRepository(database, SystemClock())
        key = await _find(keys, text)
        if key is None or not await keys.revoke(key.id):
            typer.echo("There is no such key; `openposterdb keys list` shows them with their ids.", err=True)
            raise typer.Exit(1)
        await trail_of(database).record(ACTOR, "key_revoked", target=key_label(key), detail=key.name)
    typer.echo("Revoked.")


async def _find(keys: ApiKeyRepository, text: str) -> ApiKey | None:
    if text.isascii() and text.isdigit() and len(text) < 10:  # within what every database takes for an id
        return await keys.get(int(text))
    return await keys.find_by_hash(hash_key(text.strip()))
