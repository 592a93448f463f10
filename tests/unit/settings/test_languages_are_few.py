from itertools import product
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.settings.languages import FALLBACK_LANGUAGE, LANGUAGE_PATTERN, normal_language, wanted_language


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("pt-br", "pt-BR"),
        ("zh-tw", "zh-TW"),
        ("de-XX", "de"),
        ("ja-jp", "ja"),
        ("zz", FALLBACK_LANGUAGE),
        ("zz-DE", FALLBACK_LANGUAGE),
        ("eng", FALLBACK_LANGUAGE),
        ("00", "00"),
        ("-", FALLBACK_LANGUAGE),
        ("--", FALLBACK_LANGUAGE),
    ],
)
def test_what_is_asked_for_means_one_of_the_languages_there_are(asked, meant):
    assert wanted_language(asked) == meant


def test_no_client_can_invent_more_than_a_few_hundred():
    characters = ascii_letters + digits + "-"
    short = {wanted_language("".join(letters)) for length in (2, 3) for letters in product(characters, repeat=length)}
    regional = {
        wanted_language(f"{language}-{first}{second}")
        for language in short
        for first, second in product(ascii_letters, repeat=2)
        if len(language) == 2
    }
    assert 180 < len(short | regional) < 250


@given(st.from_regex(LANGUAGE_PATTERN, fullmatch=True))
def test_a_meaning_is_its_own_meaning_in_the_normal_spelling(text):
    meant = wanted_language(text)
    assert wanted_language(meant) == meant == normal_language(meant)
    assert wanted_language(text.swapcase()) == meant
