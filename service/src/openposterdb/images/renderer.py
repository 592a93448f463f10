"""Renders off the event loop, under the render limit, in Rust without the GIL."""

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

import openposterdb_render as native
from openposterdb.domain import Badge, ImageKind, ImageSize
from openposterdb.errors import BadArt, OpenPosterDBError
from openposterdb.images.limiter import WeightedLimiter
from openposterdb.settings import RenderSettings
from openposterdb.telemetry import Metrics

T = TypeVar("T")

RENDERER_EPOCH: int = native.RENDERER_EPOCH

_WEIGHTS = {ImageSize.SMALL: 1, ImageSize.MEDIUM: 1, ImageSize.LARGE: 2, ImageSize.VERY_LARGE: 4}
"""Roughly output pixels, so that `RENDER_CONCURRENCY` bounds memory as well as threads."""

_LEAST_QUEUE = 128
_QUEUE_PER_SLOT = 32

_ABOUT_THE_PICTURE = {"unsupported", "corrupt", "too_large"}


class RenderFailed(OpenPosterDBError):
    """The renderer failed by a fault of ours (500)."""


@dataclass(frozen=True, slots=True)
class Lane:
    """For whom a renderer draws: its name in metrics, and by how much its threads stand back behind others (0 to 19)."""

    name: str
    niceness: int = 0


IMAGES: Final = Lane("full")
PREVIEWS: Final = Lane("preview", niceness=10)


class Renderer:
    """Draws images; one per process and lane. Beyond `most_waiting` it refuses: Overloaded."""

    def __init__(
        self, *, concurrency: int, quality: int, metrics: Metrics, lane: Lane = IMAGES, most_waiting: int | None = None
    ) -> None:
        self._quality = quality
        self._metrics = metrics
        self._lane = lane
        most_waiting = most_waiting or max(_LEAST_QUEUE, concurrency * _QUEUE_PER_SLOT)
        self._limiter = WeightedLimiter(concurrency, most_waiting=most_waiting)
        self._threads = ThreadPoolExecutor(
            concurrency, f"render-{lane.name}", initializer=_stand_back, initargs=(lane.niceness,)
        )
        if lane is IMAGES:
            metrics.render_limit.set(concurrency)
            metrics.render_queue.set_function(lambda: self._limiter.waiting)

    async def render(
        self, kind: ImageKind, base: bytes, badges: Sequence[Badge], settings: RenderSettings, size: ImageSize
    ) -> bytes:
        """The image with its badges. BadArt when `base` cannot be decoded, RenderFailed when we are at fault."""
        options = self.options(kind, settings, size)
        drawn = [(badge.source.value, _encodable(badge.value)) for badge in badges]
        return await self._run(kind, size, lambda: self.draw(kind, base, drawn, options))

    def draw(
        self, kind: ImageKind, base: bytes, badges: Sequence[tuple[str, str]], options: native.RenderSettings
    ) -> bytes:
        """The picture, off the event loop."""
        return native.render(kind.value, base, badges, options)

    async def placeholder(self, kind: ImageKind, settings: RenderSettings, size: ImageSize) -> bytes:
        """The designed picture that stands where there is no art."""
        options = self.options(kind, settings, size)
        return await self._run(kind, size, lambda: native.placeholder(kind.value, options))

    def options(self, kind: ImageKind, settings: RenderSettings, size: ImageSize) -> native.RenderSettings:
        """The renderer's settings for one kind and size."""
        return native.RenderSettings(size=size.value, quality=self._quality, **settings.drawn(kind))

    def close(self) -> None:
        """Let running renders finish, drop those that have not begun, and end the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def _run(self, kind: ImageKind, size: ImageSize, draw: Callable[[], T]) -> T:
        async with self._limiter.slot(_WEIGHTS[size]):
            with self._metrics.renders_in_progress.track_inprogress():
                started = time.perf_counter()
                try:
                    drawn = await asyncio.get_running_loop().run_in_executor(self._threads, draw)
                except native.RenderError as error:
                    self._metrics.render_errors.labels(kind.value, error.code).inc()
                    if error.code in _ABOUT_THE_PICTURE:
                        raise BadArt(f"the {kind.value}'s picture is {error.code.replace('_', ' ')}") from error
                    raise RenderFailed(f"rendering failed: {error.code}") from error
                self._metrics.render_seconds.labels(kind.value, size.value, self._lane.name).observe(
                    time.perf_counter() - started
                )
                return drawn


def _stand_back(niceness: int) -> None:
    """Where the system knows priorities of threads; elsewhere the limit of concurrency is all there is."""
    if niceness and hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def _encodable(text: str) -> str:
    """The text with halves of surrogate pairs, which an upstream's JSON may hold, replaced."""
    return text.encode("utf-8", "replace").decode()
