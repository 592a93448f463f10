"""The commands and their help."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from openposterdb import __version__
from openposterdb.cli import admins as admins_command
from openposterdb.cli import doctor as doctor_command
from openposterdb.cli import importing as import_command
from openposterdb.cli import keys as keys_command
from openposterdb.cli import serve as serve_command
from openposterdb.cli import warming as warm_command
from openposterdb.cli.database import migrate as migrate_database
from openposterdb.cli.environment import load_database_or_exit, load_or_exit
from openposterdb.domain import ImageKind, ImageSize

app = typer.Typer(
    name="openposterdb",
    help="Posters, logos and backdrops with rating badges, by URL. Configured by the environment alone.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
keys = typer.Typer(help="API keys: create, list, revoke.", no_args_is_help=True)
app.add_typer(keys, name="keys")
admins = typer.Typer(help="Admins: create, list, change a password, remove.", no_args_is_help=True)
app.add_typer(admins, name="admins")

Username = Annotated[str, typer.Argument(help="The admin's name.")]


@app.command()
def serve() -> None:
    """Serve in the foreground until SIGTERM or SIGINT."""
    serve_command.serve()


@app.command()
def run() -> None:
    """Serve your upstreams when TMDB_API_KEY is set, else the demo."""
    serve_command.run()


@app.command()
def demo() -> None:
    """Serve the demo catalogue: invented titles from a double of the upstreams, no key needed."""
    serve_command.demo()


@app.command()
def migrate() -> None:
    """Bring the database to the current schema and exit."""
    asyncio.run(migrate_database(load_database_or_exit()))


@app.command("import")
def import_installation(
    path: Annotated[Path, typer.Argument(help="The database file of an existing installation; it is only read.")],
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Do it, instead of saying what would be done.")] = False,
) -> None:
    """Take over admins, keys and settings of an existing installation; says what it would do unless --apply is given."""
    asyncio.run(import_command.import_from(load_database_or_exit(), path, apply=apply))


@app.command()
def doctor() -> None:
    """Check the configuration, the folders, the database and every upstream's key, with a verdict each."""
    raise typer.Exit(asyncio.run(doctor_command.examine()))


@app.command()
def warm(
    file: Annotated[
        typer.FileText,
        typer.Argument(encoding="utf-8-sig", errors="replace", help="A list of ids, one a line; - for standard input."),
    ],
    *,
    kind: Annotated[list[ImageKind] | None, typer.Option(help="May be repeated; poster if left out.")] = None,
    size: Annotated[list[ImageSize] | None, typer.Option(help="May be repeated; medium if left out.")] = None,
    key_settings: Annotated[
        int | None, typer.Option(metavar="ID", help="With the settings of this key, in place of the global ones.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="How many images at once.")] = 4,
) -> None:
    """Make the images of a list of ids before anybody asks; once more goes on where it stopped."""
    lot = warm_command.Lot(tuple(kind or [ImageKind.POSTER]), tuple(size or [ImageSize.MEDIUM]), key_settings)
    raise typer.Exit(asyncio.run(warm_command.warm(load_or_exit(), file, lot, concurrency=concurrency)))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="What the key is for, 1 to 128 bytes.")],
    days: Annotated[
        int | None, typer.Option(min=1, max=36_500, help="How long it is good; for ever if left out.")
    ] = None,
) -> None:
    """Create a key and print it; it is shown only now."""
    asyncio.run(keys_command.create(load_database_or_exit(), name, days=days))


@keys.command("list")
def list_keys() -> None:
    """List the keys: id, prefix, created, last used, until when they are good, name."""
    asyncio.run(keys_command.show(load_database_or_exit()))


@keys.command("revoke")
def revoke_key(
    key: Annotated[str, typer.Argument(help="The id of the key as `keys list` shows it, or its full text.")],
) -> None:
    """Revoke a key; running servers refuse it within seconds."""
    asyncio.run(keys_command.revoke(load_database_or_exit(), key))


@admins.command("create")
def create_admin(
    username: Annotated[str, typer.Argument(help="1 to 128 bytes without white space.")],
) -> None:
    """Make an admin. The password is asked for, or read from standard input."""
    asyncio.run(admins_command.create(load_database_or_exit(), username))


@admins.command("list")
def list_admins() -> None:
    """List the admins: id, created, name."""
    asyncio.run(admins_command.show(load_database_or_exit()))


@admins.command("password")
def change_admin_password(username: Username) -> None:
    """Replace an admin's password, which ends all sessions. It is asked for, or read from standard input."""
    asyncio.run(admins_command.change_password(load_database_or_exit(), username))


@admins.command("remove")
def remove_admin(username: Username) -> None:
    """Remove an admin, whose sessions end within seconds; the keys stay."""
    asyncio.run(admins_command.remove(load_database_or_exit(), username))


def main() -> None:
    """Entry point of the `openposterdb` command."""
    app()
