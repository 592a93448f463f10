"""Loading the configuration for a command, or leaving with one clear message."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import typer

from openposterdb.config import ConfigurationError, DatabaseEnvironment, Environment, load, load_database
from openposterdb.errors import Invalid
from openposterdb.settings.declared import parse_declared
from openposterdb.storage.database import parse_url

E = TypeVar("E", bound=DatabaseEnvironment)

ENV_FILE: Final = Path(".env")


def read_environment(env_file: Path | None = ENV_FILE) -> Environment:
    """The configuration; ConfigurationError names every variable that is missing or wrong."""
    return _with_good_settings(_with_good_database(load(env_file)))


def load_or_exit(env_file: Path | None = ENV_FILE) -> Environment:
    """The configuration; exits with status 2 and names every variable that is wrong."""
    return _or_exit(lambda: read_environment(env_file))


def load_database_or_exit() -> DatabaseEnvironment:
    """The part of the configuration that says where the database is; exits with status 2 when it is wrong."""
    return _or_exit(lambda: _with_good_database(load_database()))


def _with_good_database(environment: E) -> E:
    """Only the storage room can tell which URLs are ours."""
    try:
        parse_url(environment.database).get_dialect().import_dbapi()
    except ValueError as error:
        raise ConfigurationError(f"DATABASE_URL cannot be used: {error}.") from None
    except ImportError as error:
        raise ConfigurationError(f"DATABASE_URL cannot be used: {error.name} is not installed.") from None
    return environment


def _with_good_settings(environment: Environment) -> Environment:
    """Only the settings room can tell which settings there are."""
    try:
        parse_declared(environment.render_settings)
    except Invalid as error:
        raise ConfigurationError(f"RENDER_SETTINGS {error}.") from None
    return environment


def _or_exit(read: Callable[[], E]) -> E:
    try:
        return read()
    except ConfigurationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
