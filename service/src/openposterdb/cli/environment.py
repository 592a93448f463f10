"""Loading the configuration for a command, or leaving with one clear message."""

from collections.abc import Callable
from typing import TypeVar

import typer

from openposterdb.config import ConfigurationError, DatabaseEnvironment, Environment, load, load_database

E = TypeVar("E")


def load_or_exit() -> Environment:
    """The configuration; exits with status 2 and names every variable that is wrong."""
    return _or_exit(load)


def load_database_or_exit() -> DatabaseEnvironment:
    """The part of the configuration that says where the database is; exits with status 2 when it is wrong."""
    return _or_exit(load_database)


def _or_exit(read: Callable[[], E]) -> E:
    try:
        return read()
    except ConfigurationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
