import pytest

from openposterdb.domain import Badge, ImageKind, ImageSize, RatingSource
from openposterdb.images import Renderer
from openposterdb.settings import RenderSettings
from openposterdb.telemetry import Metrics
from openposterdb_render import sample


@pytest.mark.parametrize("value", ["", "\ud800", "8.2\udfff", "\x00", "\N{GRINNING FACE}", "1" * 1000])
async def test_whatever_text_an_upstream_gives_the_poster_is_drawn(value):
    renderer = Renderer(concurrency=1, quality=85, metrics=Metrics(version="test", renderer="test"))
    badges = [Badge(RatingSource.IMDB, value)]
    drawn = await renderer.render(ImageKind.POSTER, sample("poster"), badges, RenderSettings(), ImageSize.MEDIUM)
    assert drawn.startswith(b"\xff\xd8")
    renderer.close()
