"""`openposterdb admins`: create, list, change a password, remove."""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import typer

from openposterdb.accounts.audit import AuditTrail
from openposterdb.accounts.passwords import Passwords
from openposterdb.accounts.rules import check_password, check_username
from openposterdb.cli.database import open_database
from openposterdb.cli.rules import obeyed
from openposterdb.cli.trail import ACTOR, trail_of
from openposterdb.clock import SystemClock
from openposterdb.config import DatabaseEnvironment
from openposterdb.errors import Conflict
from openposterdb.storage.repositories import AdminRepository
from openposterdb.storage.rows import Admin


def read_password() -> str:
    """The password, typed twice and hidden, or the first line of what is piped in. Exits with status 2 for a bad one."""
    if sys.stdin.isatty():
        password = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    else:
        try:
            password = sys.stdin.readline().rstrip("\r\n")
        except UnicodeDecodeError:
            typer.echo("The password must be UTF-8.", err=True)
            raise typer.Exit(2) from None
    obeyed(check_password, password)
    return password


async def create(environment: DatabaseEnvironment, username: str) -> None:
    """Make an admin. Exits with status 2 for a name that no admin may have, 1 for one that is taken."""
    obeyed(check_username, username)
    password = read_password()
    async with _opened(environment) as opened:
        if await opened.admins.create(username, await _hash(password)) is None:
            typer.echo(f"There is an admin {username} already; `admins password` changes the password.", err=True)
            raise typer.Exit(1)
        await opened.audit.record(ACTOR, "admin_added", target=username)
    typer.echo(f"Created {username}.")


async def show(environment: DatabaseEnvironment) -> None:
    """Print a line per admin: id, created, name."""
    async with _opened(environment) as opened:
        admins = await opened.admins.list()
    if not admins:
        typer.echo("There are no admins yet: openposterdb admins create NAME", err=True)
    for admin in admins:
        typer.echo(f"{admin.id:>4}  {admin.created_at}  {admin.username}")


async def change_password(environment: DatabaseEnvironment, username: str) -> None:
    """Replace a password, for instance a forgotten one, and end the admin's sessions."""
    password = read_password()
    async with _opened(environment) as opened:
        admin = await _known(opened.admins, username)
        await opened.admins.change_password(admin.id, await _hash(password))
        await opened.audit.record(ACTOR, "password_changed", target=username)
    typer.echo(f"Changed the password of {username}; all sessions have ended.")


async def remove(environment: DatabaseEnvironment, username: str) -> None:
    """Remove an admin, not the last one; the keys stay."""
    async with _opened(environment) as opened:
        admin = await _known(opened.admins, username)
        try:
            await opened.admins.remove(admin.id)
        except Conflict:
            typer.echo("That is the last admin: create another one first.", err=True)
            raise typer.Exit(1) from None
        await opened.audit.record(ACTOR, "admin_removed", target=username)
    typer.echo(f"Removed {username}.")


@dataclass(frozen=True, slots=True)
class _Opened:
    admins: AdminRepository
    audit: AuditTrail


@asynccontextmanager
async def _opened(environment: DatabaseEnvironment) -> AsyncGenerator[_Opened]:
    async with open_database(environment) as database:
        yield _Opened(AdminRepository(database, SystemClock()), trail_of(database))


async def _known(admins: AdminRepository, username: str) -> Admin:
    found = await admins.find(username)
    if found is None:
        typer.echo("There is no such admin; `openposterdb admins list` shows them.", err=True)
        raise typer.Exit(1)
    return found.admin


async def _hash(password: str) -> str:
    passwords = Passwords()
    try:
        return await passwords.hash(password)
    finally:
        passwords.close()
