"""`serve`, `run` and `demo`."""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import typer
from dotenv import dotenv_values

from openposterdb import __version__
from openposterdb.accounts.keys import hash_key, mint, prefix_of
from openposterdb.cli.database import migrate, open_database
from openposterdb.cli.environment import ENV_FILE, load_or_exit
from openposterdb.clock import SystemClock
from openposterdb.config import Bind, DatabaseEnvironment, Environment
from openposterdb.demo.command import serve_demo
from openposterdb.http.serve import KILL_TIMEOUT
from openposterdb.http.serve import serve as serve_forever
from openposterdb.storage.repositories import ApiKeyRepository
from openposterdb.telemetry import configure_logging

_ENTRY = "openposterdb.http.entry:build"
_EXAMPLE = "imdb/poster-default/tt0111161.jpg"
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to


def serve(
    *,
    announce: Callable[[Environment], None] | None = None,
    entry: str = _ENTRY,
    env_file: Path | None = ENV_FILE,
) -> None:
    """Serve until a signal ends it; `announce` is called once the database is ready."""
    environment = load_or_exit(env_file)
    configure_logging(level=environment.log_level, form=environment.log_format)
    _check_free(environment.listen_addr)
    asyncio.run(migrate(environment))
    if announce is not None:
        announce(environment)
    serve_forever(
        target=entry,
        address=environment.listen_addr.host,
        port=environment.listen_addr.port,
        workers=environment.workers,
        metrics=environment.metrics_addr,
        kill_timeout=KILL_TIMEOUT + environment.drain_linger_secs,
    )


def run() -> None:
    """The demo without a TMDB key, else the real thing with a first key made and shown."""
    configured = {**dotenv_values(ENV_FILE), **{name: value for name, value in os.environ.items() if value}}
    if configured.get("TMDB_API_KEY"):
        if not configured.get("LOG_FORMAT"):
            os.environ["LOG_FORMAT"] = "console"
        serve(announce=_announce)
    else:
        demo()


def demo() -> None:
    """The demo catalogue, from a double of the upstreams that lives as long as this process."""
    serve_demo(serve, local_url, typer.echo)


def local_url(environment: Environment) -> str:
    """The URL to open on this machine."""
    host, port = environment.listen_addr
    return f"http://{Bind('localhost' if host in _EVERYWHERE else host, port)}"


def _check_free(bind: Bind) -> None:
    """Exit with status 1 and a clear message when the address is taken; the server itself would only retry."""
    family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind.host, bind.port))
        except OSError as error:
            reason = "is taken by another program" if error.errno == errno.EADDRINUSE else str(error.strerror).lower()
            typer.echo(f"{bind} {reason}: set LISTEN_ADDR, for instance LISTEN_ADDR=0.0.0.0:3001.", err=True)
            raise typer.Exit(1) from None


def _announce(environment: Environment) -> None:
    key = asyncio.run(_first_key(environment))
    url = local_url(environment)
    typer.echo(f"OpenPosterDB {__version__}: {url}/")
    typer.echo(f"curl -o poster.jpg {url}/{key or 'YOUR-KEY'}/{_EXAMPLE}")
    if key is not None:
        typer.echo(f"Your first API key, shown only now: {key}")


async def _first_key(environment: DatabaseEnvironment) -> str | None:
    """A new key when there is none yet."""
    async with open_database(environment) as database:
        keys = ApiKeyRepository(database, SystemClock())
        if await keys.list():
            return None
        raw = mint()
        await keys.create("first", hash_key(raw), prefix_of(raw))
        return raw
