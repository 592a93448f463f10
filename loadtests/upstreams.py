"""The double of the upstreams in a process of its own, with as many titles as a load test wants.

    python -m loadtests.upstreams --titles 2000

Prints its environment, as `openposterdb.demo.double` does, and serves until it is stopped. The added titles are movies with the
demo's art and ratings and ids of their own, `tmdb/movie-9100000` and on; without a date, so that they go stale soonest.
"""

import argparse
import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice

from openposterdb.demo.catalogue import Catalogue, load_catalogue
from openposterdb.demo.double import UpstreamDouble
from tests.e2e.conftest import KEY, Upstreams

FIRST = 9_100_000


def poster(number: int, *, key: str = KEY) -> str:
    """The path of an added title's poster."""
    return f"/{key}/tmdb/poster-default/movie-{FIRST + number}.jpg"


def catalogue(titles: int) -> Catalogue:
    """The demo's, and so many titles more."""
    known = load_catalogue()
    movies = [title for title in known.titles("movie") if title.tmdb_poster and title.imdb and title.omdb]
    more = [
        title.model_copy(update={"tmdb": FIRST + number, "imdb": f"tt{FIRST * 10 + number}", "released": None})
        for number, title in enumerate(islice(cycle(movies), titles))
    ]
    return Catalogue(title=(*more, *known.title), episode=known.episode)


@contextmanager
def running_upstreams(titles: int) -> Iterator[Upstreams]:
    """The double, once it has told where it is."""
    command = [sys.executable, "-m", "loadtests.upstreams", "--titles", str(titles)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "\n")
            yield Upstreams(dict(line.rstrip("\n").split("=", 1) for line in lines if line))
        finally:
            process.terminate()


async def serve(titles: int) -> None:
    double = UpstreamDouble(catalogue(titles))
    async with double:
        print("".join(f"{name}={value}\n" for name, value in double.environment().items()), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--titles", type=int, default=2000)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args().titles))
