"""Renderers with a memory of prepared pictures of their own, closed at the end, and art for them."""

import pytest

from openposterdb.art.base import BaseArt
from openposterdb.caching.verified import digest
from openposterdb.images import Renderer
from openposterdb.images.prepared import PreparedPictures
from openposterdb.telemetry import Metrics, totals
from tests.manual_clock import ManualClock


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def prepared(clock):
    """What renderers share that are given none."""
    return PreparedPictures(100_000_000, clock)


@pytest.fixture
def metrics():
    return Metrics(version="test", renderer="test")


@pytest.fixture
def drawings(metrics):
    """How many pictures were drawn by each path: images, previews, or both."""
    lanes = {"image": metrics.render_seconds, "preview": metrics.preview_seconds}

    def count(lane=None):
        found = {"full": 0, "splice": 0}
        for metric in lanes.values() if lane is None else (lanes[lane],):
            for (path,), drawn in totals(metric, "path").items():
                found[path] += drawn
        return found

    return count


@pytest.fixture
def renderer(prepared, metrics):
    """Opens renderers: `renderer(quality=70)`."""
    opened = []

    def build(**options):
        opened.append(
            Renderer(**{"concurrency": 2, "quality": 85, "prepared": prepared, "metrics": metrics, **options})
        )
        return opened[-1]

    yield build
    for each in opened:
        each.close()


@pytest.fixture
def art():
    """Art of these bytes, as the store hands it out."""
    return lambda data: BaseArt(data, digest(data), stored=True)
