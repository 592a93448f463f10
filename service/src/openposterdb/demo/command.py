"""`openposterdb demo`: the real service over invented titles, with no key of anybody's."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from openposterdb import __version__
from openposterdb.accounts.keys import hash_key, prefix_of
from openposterdb.clock import SystemClock
from openposterdb.config import Environment
from openposterdb.demo.catalogue import load_catalogue
from openposterdb.demo.double import run_in_background
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import ApiKeyRepository

DEMO_KEY: Final = "t3-demo"

_DEFAULTS: Final = {
    "IMAGE_RATE_LIMIT": "off",  # a wall reloaded a few times is more than a client would ask for
    "COOKIE_SECURE": "false",
    "LOG_FORMAT": "console",
    "LOG_LEVEL": "warning",
}


class Serve(Protocol):
    """The `serve` command."""

    def __call__(self, *, announce: Callable[[Environment], None], entry: str, env_file: Path | None) -> None:
        """Serve `entry` until a signal ends it; `env_file` fills in what the environment does not set."""
        ...


def serve_demo(serve: Serve, local_url: Callable[[Environment], str], say: Callable[[str], None]) -> None:
    """Serve the demo; the double of the upstreams lives as long as this process.

    What the environment says of address and logs is kept; upstreams, folders and database are the demo's own.
    """

    def announce(environment: Environment) -> None:
        asyncio.run(_ensure_key(environment))
        url = local_url(environment)
        imdb = _shown_titles()[0]
        say(f"OpenPosterDB {__version__} demo: {url}/")
        say(f"curl -o poster.jpg {url}/{DEMO_KEY}/imdb/poster-default/{imdb}.jpg")

    for name, value in _DEFAULTS.items():
        if not os.environ.get(name):
            os.environ[name] = value
    # never the real folders: the demo's key is known to everybody, and its titles are invented
    folder = Path(os.environ.get("DEMO_DIR") or "demo-data")
    os.environ.update({"DB_DIR": str(folder / "db"), "CACHE_DIR": str(folder / "cache")})
    os.environ.pop("DATABASE_URL", None)
    with run_in_background() as upstreams:
        os.environ.update(upstreams)
        os.environ["WALL_TITLES"] = ",".join(f"imdb/{title}" for title in _shown_titles())
        serve(announce=announce, entry="openposterdb.demo.entry:build", env_file=None)


def _shown_titles(most: int = 12) -> list[str]:
    """IMDb ids of titles that have a poster."""
    return [title.imdb for title in load_catalogue().titles() if title.imdb and title.has_poster][:most]


async def _ensure_key(environment: Environment) -> None:
    database = await Database.open(environment.database)
    try:
        keys = ApiKeyRepository(database, SystemClock())
        if await keys.find_by_hash(hash_key(DEMO_KEY)) is None:
            await keys.create("demo", hash_key(DEMO_KEY), prefix_of(DEMO_KEY))
    finally:
        await database.close()
