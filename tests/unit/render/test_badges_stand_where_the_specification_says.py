import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb_render import RenderError, RenderSettings, layout

THREE = [("mal", "8.70"), ("imdb", "8.2"), ("lb", "3.8")]


def test_badges_of_a_row_are_equally_wide_and_two_rows_are_centred(samples):
    places = layout("poster", 580, 859, samples[:5], RenderSettings())
    assert [place[0] for place in places] == ["imdb", "tmdb", "rt", "rta", "mc"]
    # Sizes and gaps are even: three of 148 with gaps of 10 are 464 wide, two are 306; each row is centred alone, rows of
    # 50 are 8 apart, and the block ends 11 above the edge because it starts at an even pixel.
    assert [place[1:3] for place in places] == [(58, 740), (216, 740), (374, 740), (136, 798), (294, 798)]
    assert {place[3:] for place in places} == {(148, 50)}


@pytest.mark.parametrize(
    ("size", "label", "width"),
    [
        ("medium", "i", 146),
        ("large", "i", 318),
        ("very-large", "i", 494),
        ("medium", "t", 144),
        ("large", "t", 312),
        ("very-large", "t", 482),
    ],
)
def test_horizontal_badges_have_the_control_widths_rounded_up_to_even(size, label, width):
    places = layout("poster", 2000, 2962, THREE, RenderSettings(size=size, label=label))
    assert {place[3] for place in places} == {width}


@pytest.mark.parametrize(
    ("position", "x", "y"),
    [
        ("l", 15, (859 - 304) // 2),
        ("r", 580 - 76 - 15, (859 - 304) // 2),
        ("tl", 15, 20),
        ("tr", 580 - 76 - 15, 20),
        ("bl", 15, 859 - 304 - 10),
        ("br", 580 - 76 - 15, 859 - 304 - 10),
        ("tc", (580 - 76) // 2, 20),
        ("bc", (580 - 76) // 2, 859 - 304 - 10),
    ],
)
def test_a_column_stands_at_its_position(position, x, y, samples):
    settings = RenderSettings(position=position, direction="v", style="v")
    places = layout("poster", 580, 859, samples[:3], settings)
    assert places[0][1:] == (x & ~1, y & ~1, 76, 96)
    assert [place[2] for place in places] == [(y & ~1) + i * 104 for i in range(3)]


def test_a_backdrops_badges_hang_in_the_top_right_corner(samples):
    places = layout("backdrop", 1920, 1080, samples[:3], RenderSettings())
    assert [place[1:] for place in places] == [(1824, 20, 76, 96), (1824, 124, 76, 96), (1824, 228, 76, 96)]


def test_a_logos_badges_stand_in_exact_rows_below_it(samples):
    places = layout("logo", 780, 234, samples[:5], RenderSettings(style="v"))
    left = (780 - (5 * 76 + 4 * 10)) // 2
    assert [place[1:] for place in places] == [(left + i * 86, 249, 76, 96) for i in range(5)]


def test_no_badges_stand_nowhere():
    assert layout("poster", 580, 859, [], RenderSettings()) == []


def test_small_exists_for_backdrops_alone():
    with pytest.raises(RenderError) as caught:
        layout("poster", 580, 859, [], RenderSettings(size="small"))
    assert caught.value.code == "bad_settings"


@pytest.mark.parametrize(("value", "shown"), [("8.2", True), ("", False), ("   ", False), ("八", False), ("八8", True)])
def test_a_badge_that_would_say_nothing_is_left_out(value, shown):
    badges = [("imdb", "8.2"), ("tmdb", value), ("rt", "94%")]
    for kind in ("poster", "backdrop", "logo"):
        places = layout(kind, 780, 859, badges, RenderSettings())
        assert [place[0] for place in places] == (["imdb", "tmdb", "rt"] if shown else ["imdb", "rt"])


@given(st.lists(st.text(), max_size=8), st.integers(1, 4000), st.integers(1, 4000), st.sampled_from("hv"))
def test_any_text_on_any_canvas_has_a_place(values, width, height, style):
    badges = [("imdb", value) for value in values]
    places = layout("poster", width, height, badges, RenderSettings(style=style))
    assert len(places) <= len(badges)
    assert all(x >= 0 and y >= 0 and w < 1000 and h < 1000 for _, x, y, w, h in places)
