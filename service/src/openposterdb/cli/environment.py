"""Loading the configuration for a command, or leaving with one clear message."""

import typer

from openposterdb.config import ConfigurationError, Environment, load


def load_or_exit() -> Environment:
    """The configuration; exits with status 2 and names every variable that is wrong."""
    try:
        return load()
    except ConfigurationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
