import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.http.etags import matches

TAG = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"'), max_size=12).map(
    '"{}"'.format
)
SPACE = st.sampled_from(["", " ", "\t", "  "])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ("*", True),
        (" * ", True),
        ('"b", "a"', True),
        ('"b","c" ,W/"a"', True),
        ('"b"', False),
        ("a", False),
        ('"a', False),
        ("", False),
        ('"x, \\"a\\""', False),
        ('"b, "a"', False),
        ('w/"a"', False),
        ("*, *", False),
    ],
)
def test_lists_weak_tags_and_the_star(header, expected):
    assert matches(header, '"a"') is expected


@given(st.lists(TAG, max_size=5), TAG, st.data())
def test_a_list_matches_exactly_if_it_names_the_tag(tags, ours, data):
    written = [data.draw(SPACE) + data.draw(st.sampled_from(["", "W/"])) + tag + data.draw(SPACE) for tag in tags]
    assert matches(",".join(written), ours) is (ours in tags)
    assert matches(",".join(written), "W/" + ours) is (ours in tags)


@given(st.text(max_size=60), TAG)
def test_nonsense_is_answered_without_an_error(header, ours):
    if ours not in header and header.strip() != "*":
        assert not matches(header, ours)
