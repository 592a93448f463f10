"""Renders off the event loop, under the render limit, in Rust without the GIL.

Every picture is made in the same two steps: art is prepared, then badges are laid on it. The second is a tenth of the work,
and art that was prepared lately needs no other: other settings, changed ratings and previews cost a splice.

To draw both at once would save up to a quarter of the first drawing's time. It is not done, since it gives other samples under
badges: then the bytes of a picture, and its ETag, would depend on what a process happened to have drawn before, and
change in turns between replicas. As it is, equal ingredients give equal bytes, everywhere and after every restart.
"""

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import openposterdb_render as native
from openposterdb.art.base import BaseArt
from openposterdb.caching.single_flight import SingleFlight
from openposterdb.domain import Badge, Encoding, ImageKind, ImageSize
from openposterdb.errors import BadArt, OpenPosterDBError
from openposterdb.images.drawing import WEIGHTS, Drawing
from openposterdb.images.limiter import RenderMemory, WeightedLimiter
from openposterdb.images.prepared import PreparedName, PreparedPictures
from openposterdb.settings import RenderSettings
from openposterdb.telemetry import Metrics, span

T = TypeVar("T")
_Path = Literal["full", "splice"]
"""Whether art was decoded for a picture, or badges were laid on what was prepared before."""

RENDERER_EPOCH: int = native.RENDERER_EPOCH

_LEAST_QUEUE = 128
_QUEUE_PER_SLOT = 32

DEFAULT_MEMORY: Final = 512 << 20
"""Bytes for all renders at once."""

_PLACEHOLDER_BYTES = 48 << 20
"""Of the largest."""

_ABOUT_THE_PICTURE = {"unsupported", "corrupt", "too_large"}


class RenderFailed(OpenPosterDBError):
    """The renderer failed by a fault of ours (500)."""


@dataclass(frozen=True, slots=True)
class Lane:
    """For whom a renderer draws: the name of its threads, and by how much its threads stand back behind others (0 to 19)."""

    name: str
    niceness: int = 0


IMAGES: Final = Lane("image")
PREVIEWS: Final = Lane("preview", niceness=10)


class Renderer:
    """Draws images; one per process and lane. Beyond `most_waiting` it refuses: Overloaded.

    `memory` bounds the bytes that renders need at once, those of all lanes that share it.

    `prepared` is shared between lanes, the work of preparing is not: an image never waits for the threads of previews.
    """

    def __init__(
        self,
        *,
        concurrency: int,
        quality: int,
        prepared: PreparedPictures,
        metrics: Metrics,
        lane: Lane = IMAGES,
        most_waiting: int | None = None,
        memory: RenderMemory | None = None,
    ) -> None:
        self._quality = quality
        self._prepared = prepared
        self._preparing: SingleFlight[PreparedName, tuple[native.Prepared, bytes | None]] = SingleFlight()
        self._metrics = metrics
        most_waiting = most_waiting or max(_LEAST_QUEUE, concurrency * _QUEUE_PER_SLOT)
        self._memory = memory or RenderMemory(DEFAULT_MEMORY)
        self._limiter = WeightedLimiter(concurrency, most_waiting=most_waiting)
        self._threads = ThreadPoolExecutor(
            concurrency, f"render-{lane.name}", initializer=_stand_back, initargs=(lane.niceness,)
        )
        self._seconds = metrics.render_seconds if lane is IMAGES else metrics.preview_seconds
        if lane is IMAGES:
            metrics.render_limit.set(concurrency)
            metrics.sample(metrics.render_queue, lambda: self._limiter.waiting)

    async def render(
        self,
        kind: ImageKind,
        base: BaseArt,
        badges: Sequence[Badge],
        settings: RenderSettings,
        size: ImageSize,
        encoding: Encoding = Encoding.USUAL,
    ) -> bytes:
        """The image with its badges: equal bytes for equal arguments, whether or not the art was prepared before.

        BadArt when `base` cannot be decoded, RenderFailed when we are at fault.
        """
        drawing = self._drawing(kind, badges, settings, size, encoding)
        name = PreparedName.of(kind, base.digest, drawing.options)
        prepared = self._prepared.get(name)
        if prepared is None:
            preparing, begun = self._preparing.start(name, lambda: self._prepare(name, base, drawing))
            prepared, first = await asyncio.shield(preparing)
            if begun and first is not None:
                return first
        return await self._splice(name, prepared, drawing)

    async def splice(
        self,
        name: PreparedName,
        prepared: native.Prepared,
        badges: Sequence[Badge],
        settings: RenderSettings,
        size: ImageSize,
        encoding: Encoding = Encoding.USUAL,
    ) -> bytes:
        """The image on art that is prepared: the bytes that `render` would give. BadArt, RenderFailed, Overloaded."""
        return await self._splice(name, prepared, self._drawing(name.kind, badges, settings, size, encoding))

    async def placeholder(
        self, kind: ImageKind, settings: RenderSettings, size: ImageSize, encoding: Encoding = Encoding.USUAL
    ) -> bytes:
        """The designed picture that stands where there is no art."""
        options = self.options(kind, settings, size, encoding)
        return await self._run(
            kind, size, "full", _PLACEHOLDER_BYTES, WEIGHTS[size], lambda: native.placeholder(kind.value, options)
        )

    def options(
        self, kind: ImageKind, settings: RenderSettings, size: ImageSize, encoding: Encoding = Encoding.USUAL
    ) -> native.RenderSettings:
        """The renderer's settings for one kind and size."""
        return native.RenderSettings(
            size=size.value, quality=self._quality, encoding=encoding.value, **settings.drawn(kind)
        )

    def _drawing(
        self, kind: ImageKind, badges: Sequence[Badge], settings: RenderSettings, size: ImageSize, encoding: Encoding
    ) -> Drawing:
        return Drawing.of(kind, size, badges, self.options(kind, settings, size, encoding))

    def close(self) -> None:
        """Let running renders finish, drop those that have not begun, and end the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def _prepare(
        self, name: PreparedName, base: BaseArt, drawing: Drawing
    ) -> tuple[native.Prepared, bytes | None]:
        """The prepared picture, and with it the image of whoever asked first, who has waited in line once."""

        def prepare() -> tuple[native.Prepared, bytes | None]:
            prepared = native.prepare(drawing.kind.value, base.data, drawing.options)
            try:
                return prepared, drawing.on(prepared)
            except (
                native.RenderError
            ):  # it concerns these badges alone: who asked for them hears of it when drawing again
                return prepared, None

        with self._told(drawing.kind):
            needed = native.estimate(drawing.kind.value, base.data, drawing.options)
        prepared, first = await self._run(drawing.kind, drawing.size, "full", needed, drawing.weight, prepare)
        self._prepared.put(name, prepared)
        return prepared, first

    async def _splice(self, name: PreparedName, prepared: native.Prepared, drawing: Drawing) -> bytes:
        try:
            return await self._run(
                drawing.kind,
                drawing.size,
                "splice",
                prepared.estimate(drawing.options),
                drawing.splice_weight,
                lambda: drawing.on(prepared),
            )
        except (BadArt, RenderFailed):
            self._prepared.discard(name)  # in case it is to blame: the next one starts from the art
            raise

    async def _run(
        self, kind: ImageKind, size: ImageSize, path: _Path, needed: int, weight: int, draw: Callable[[], T]
    ) -> T:
        """Draw under the limits; `needed` in bytes of memory."""
        with span("render", kind=kind.value, size=size.value, path=path):
            return await self._run_in_turn(kind, size, path, needed, weight, draw)

    async def _run_in_turn(
        self, kind: ImageKind, size: ImageSize, path: _Path, needed: int, weight: int, draw: Callable[[], T]
    ) -> T:
        async with self._limiter.slot(weight), self._memory.slot(needed):
            with self._metrics.renders_in_progress.track_inprogress(), self._told(kind):
                started = time.perf_counter()
                drawn = await asyncio.get_running_loop().run_in_executor(self._threads, draw)
                self._seconds.labels(kind.value, size.value, path).observe(time.perf_counter() - started)
                return drawn

    @contextlib.contextmanager
    def _told(self, kind: ImageKind) -> Generator[None]:
        """The renderer's errors counted, and in the words of the service."""
        try:
            yield
        except native.RenderError as error:
            self._metrics.render_errors.labels(kind.value, error.code).inc()
            if error.code in _ABOUT_THE_PICTURE:
                raise BadArt(f"the {kind.value}'s picture is {error.code.replace('_', ' ')}") from error
            raise RenderFailed(f"rendering failed: {error.code}") from error


def _stand_back(niceness: int) -> None:
    """Where the system knows priorities of threads; elsewhere the limit of concurrency is all there is."""
    if niceness and hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
