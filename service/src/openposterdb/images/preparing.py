"""A renderer that keeps pictures ready for other badges: for previews, where little changes from one to the next."""

import threading
from collections.abc import Sequence

from cachetools import LRUCache

import openposterdb_render as native
from openposterdb.domain import ImageKind
from openposterdb.images.renderer import PREVIEWS, Renderer
from openposterdb.telemetry import Metrics


class PreparingRenderer(Renderer):
    """Draws what `Renderer` does, to within what a JPEG's rounding makes of it, and always the same.

    Pictures at their final size, without badges, are kept: the last used ones, in `max_bytes`.
    """

    def __init__(self, *, concurrency: int, quality: int, metrics: Metrics, most_waiting: int, max_bytes: int) -> None:
        super().__init__(
            concurrency=concurrency, quality=quality, metrics=metrics, lane=PREVIEWS, most_waiting=most_waiting
        )
        self._lock = threading.Lock()
        self._prepared: LRUCache[tuple[object, ...], native.Prepared] = LRUCache(
            max_bytes, getsizeof=lambda prepared: prepared.nbytes
        )

    def draw(
        self, kind: ImageKind, base: bytes, badges: Sequence[tuple[str, str]], options: native.RenderSettings
    ) -> bytes:
        """The picture, off the event loop: on what is prepared, or is now."""
        name = (kind, base, options.size, options.fit, options.chroma, options.max_bytes)
        with self._lock:
            prepared = self._prepared.get(name)
        if prepared is None or not prepared.fits(options):
            prepared = native.prepare(kind.value, base, options)
            with self._lock:
                if prepared.nbytes <= self._prepared.maxsize:
                    self._prepared[name] = prepared
        return prepared.render(badges, options)
