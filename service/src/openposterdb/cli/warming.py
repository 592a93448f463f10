"""`openposterdb warm`: the images of a list of ids, made before anybody asks."""

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import product
from typing import Final

import typer

from openposterdb import __version__
from openposterdb.cli.database import migrate
from openposterdb.clock import SystemClock
from openposterdb.composition import Collaborators, open_collaborators
from openposterdb.config import Environment
from openposterdb.domain import ImageKind, ImageSize
from openposterdb.errors import StorageUnavailable
from openposterdb.images import RENDERER_EPOCH, ImageRequest, WarmUp, WarmUpReport
from openposterdb.settings import RenderSettings
from openposterdb.telemetry import Metrics, configure_logging
from openposterdb.titles.ids import RequestedId
from openposterdb.titles.lists import read_ids

_INTERRUPTED: Final = 130
_NAMED: Final = 5
"""Ids that are told of each reason."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Which images of each title; `key_id` None for the global settings."""

    kinds: tuple[ImageKind, ...]
    sizes: tuple[ImageSize, ...]
    key_id: int | None = None


async def warm(environment: Environment, lines: Iterable[str], lot: Lot, *, concurrency: int) -> int:
    """Make what is not there or stale, and report. The exit status: 0, 1 when anything failed, 130 when interrupted."""
    _check(environment, lot)
    configure_logging(level="error", form=environment.log_format)  # what fails is in the report
    ids = read_ids(lines)
    for number, mistake in ids.mistakes:
        typer.echo(f"Line {number}: {mistake}.", err=True)
    await migrate(environment)
    metrics = Metrics(version=__version__, renderer=str(RENDERER_EPOCH))
    async with open_collaborators(environment, clock=SystemClock(), metrics=metrics) as built:
        requests = list(_requests(ids.ids, lot, await _settings(built, lot.key_id)))
        work = WarmUp(built.images, built.background, built.clock)
        interrupted = await _run(work, requests, concurrency)
    for line in _tell(work.report, len(requests), len(ids.mistakes), interrupted=interrupted):
        typer.echo(line)
    if interrupted:
        return _INTERRUPTED
    return 1 if work.report.failed or ids.mistakes else 0


def _check(environment: Environment, lot: Lot) -> None:
    """Exit with status 2 for what cannot be made or kept."""
    problem = None
    if environment.external_cache_only:
        problem = "Nothing would keep the images: EXTERNAL_CACHE_ONLY is set."
    elif environment.fanart_api_key is None and any(kind is not ImageKind.POSTER for kind in lot.kinds):
        problem = "Logos and backdrops need FANART_API_KEY."
    elif ImageSize.SMALL in lot.sizes and any(kind is not ImageKind.BACKDROP for kind in lot.kinds):
        problem = "Only backdrops are drawn small: leave --size small to a run with --kind backdrop alone."
    if problem is not None:
        typer.echo(problem, err=True)
        raise typer.Exit(2)


async def _settings(built: Collaborators, key_id: int | None) -> RenderSettings:
    try:
        if key_id is not None and await built.key_repository.get(key_id) is None:
            typer.echo("There is no such key; `openposterdb keys list` shows them with their ids.", err=True)
            raise typer.Exit(2)
        return await built.settings_repository.effective(key_id)
    except StorageUnavailable as error:
        typer.echo(f"The settings cannot be read ({error}). Try again.", err=True)
        raise typer.Exit(1) from None


def _requests(ids: Iterable[RequestedId], lot: Lot, settings: RenderSettings) -> Iterator[ImageRequest]:
    kinds, sizes = dict.fromkeys(lot.kinds), dict.fromkeys(lot.sizes)
    for requested, kind, size in product(ids, kinds, sizes):
        yield ImageRequest(kind, requested, size, settings)


async def _run(work: WarmUp, requests: list[ImageRequest], concurrency: int) -> bool:
    """Whether a signal ended it before its time."""
    async with _stopping() as stop:
        typer.echo(f"To see to: {_count(len(requests))}. Ctrl-C ends it, and once more goes on from there.", err=True)
        with typer.progressbar(length=len(requests), show_pos=True, file=sys.stderr) as bar:
            running = asyncio.create_task(work.run(requests, concurrency=concurrency, on_done=lambda: bar.update(1)))
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            interrupted = not running.done()
            running.cancel()
            await asyncio.wait({running})
    if not running.cancelled():
        running.result()
    return interrupted


@asynccontextmanager
async def _stopping() -> AsyncGenerator[asyncio.Event]:
    """Set by SIGINT and SIGTERM."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def _tell(report: WarmUpReport, wanted: int, mistakes: int, *, interrupted: bool) -> Iterator[str]:
    if interrupted:
        yield f"Interrupted: {report.done} of {_count(wanted)} seen to."
    yield f"made           {report.made:>7}"
    yield f"renewed        {report.renewed:>7}"
    yield f"there already  {report.there:>7}"
    yield f"not found      {len(report.missing):>7}{_names(report.missing)}"
    yield f"failed         {sum(map(len, report.failed.values())):>7}"
    for reason, ids in sorted(report.failed.items(), key=lambda item: -len(item[1])):
        yield f"  {reason}: {len(ids)}{_names(ids)}"
    if mistakes:
        yield f"bad lines      {mistakes:>7}"


def _names(ids: list[str]) -> str:
    if not ids:
        return ""
    return f"  ({', '.join(ids[:_NAMED])}{', …' if len(ids) > _NAMED else ''})"


def _count(images: int) -> str:
    return f"{images} image{'' if images == 1 else 's'}"
