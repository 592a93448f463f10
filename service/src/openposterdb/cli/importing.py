"""`openposterdb import`: the plan, and on `--apply` the deed."""

import shlex
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from openposterdb.cli.database import open_database
from openposterdb.clock import SystemClock
from openposterdb.config import DatabaseEnvironment
from openposterdb.errors import StorageUnavailable
from openposterdb.importing import Importer, Plan, Source, SourceError, read_source


async def import_from(environment: DatabaseEnvironment, path: Path, *, apply: bool) -> None:
    """Print what is, or would be, taken over. Exits with status 1 when either database cannot be used."""
    source = _read_or_exit(environment, path)
    async with open_database(environment) as database:
        importer = Importer(database, SystemClock())
        try:
            plan = await (importer.apply(source) if apply else importer.plan(source))
        except (StorageUnavailable, SQLAlchemyError) as error:
            reason = str(error) if isinstance(error, StorageUnavailable) else "it changed meanwhile or refuses a value"
            typer.echo(f"Nothing was imported ({reason}). Try again.", err=True)
            raise typer.Exit(1) from None
    for line in _report(plan, path, applied=apply):
        typer.echo(line)


def _read_or_exit(environment: DatabaseEnvironment, path: Path) -> Source:
    try:
        source = read_source(path)
    except SourceError as error:
        typer.echo(f"{path} {error}.", err=True)
        raise typer.Exit(1) from None
    if _is_target(environment, path):
        typer.echo(f"{path} is the database to import into: point DB_DIR or DATABASE_URL elsewhere.", err=True)
        raise typer.Exit(1)
    return source


def _is_target(environment: DatabaseEnvironment, path: Path) -> bool:
    url = make_url(environment.database)
    target = Path(url.database or "")
    return url.get_backend_name() == "sqlite" and target.is_file() and path.samefile(target)


def _report(plan: Plan, path: Path, *, applied: bool) -> Iterator[str]:
    yield f"{_heading(plan, applied=applied)} {path}:"
    for section, lines in groupby(plan.lines, lambda line: line.section):
        yield ""
        yield section
        for line in lines:
            yield f"  {line.mark} {line.text}"
    yield ""
    yield "+ added   = already here   ! taken over otherwise   - not taken over"
    if plan.is_empty:
        yield "There is nothing to import: what can be taken over is here already."
    elif applied:
        yield f"Done. Added {plan.summary}. Running servers know within two seconds."
    else:
        yield f"Nothing has been changed. To apply it: openposterdb import {shlex.quote(str(path))} --apply"


def _heading(plan: Plan, *, applied: bool) -> str:
    if plan.is_empty:
        return "Compared with"
    return "Imported from" if applied else "To be imported from"
