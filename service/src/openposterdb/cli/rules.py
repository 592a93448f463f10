"""Rules for what is typed, with a message instead of a traceback."""

from collections.abc import Callable

import typer

from openposterdb.errors import Invalid


def obeyed(check: Callable[[str], None], text: str) -> None:
    """Exit with status 2, and say why, when `check` finds the text `Invalid`."""
    try:
        check(text)
    except Invalid as error:
        message = str(error)
        typer.echo(f"The {message}.", err=True)
        raise typer.Exit(2) from None
