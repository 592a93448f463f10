import pytest

from openposterdb.domain import Badge, ImageKind, ImageSize, RatingSource
from openposterdb.settings import RenderSettings
from openposterdb_render import sample


@pytest.mark.parametrize("value", ["", "\ud800", "8.2\udfff", "\x00", "\N{GRINNING FACE}", "1" * 1000])
async def test_whatever_text_an_upstream_gives_the_poster_is_drawn(renderer, art, value):
    badges = [Badge(RatingSource.IMDB, value)]
    base = art(sample("poster"))
    drawn = await renderer().render(ImageKind.POSTER, base, badges, RenderSettings(), ImageSize.MEDIUM)
    assert drawn.startswith(b"\xff\xd8")
