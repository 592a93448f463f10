import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.accounts.rules import check_key_name, check_password, check_username
from openposterdb.errors import Invalid


def obeys(check, text):
    try:
        check(text)
    except Invalid:
        return False
    return True


@pytest.mark.parametrize("username", ["a", "admin", "Änne", "a" * 128, "ä" * 64, "root@example.org", "<b>", "👨‍👩‍👧"])
def test_names_of_admins(username):
    check_username(username)


@pytest.mark.parametrize(
    ("username", "complaint"),
    [
        ("", "username must have 1 to 128 bytes"),
        ("a" * 129, "username must have 1 to 128 bytes"),
        ("ä" * 65, "username must have 1 to 128 bytes"),
        ("a b", "username must not hold white space"),
        ("a\u00a0b", "username must not hold white space"),
        ("a\n", "username must not hold white space"),
        ("a\x07", "username must not hold control characters"),
        ("a\x85b", "username must not hold white space"),
        ("\ud800", "username must not hold control characters"),
        ("a\0", "username must not hold control characters"),
    ],
)
def test_names_that_no_admin_may_have(username, complaint):
    with pytest.raises(Invalid) as raised:
        check_username(username)
    assert str(raised.value) == complaint


@pytest.mark.parametrize("password", ["12345678", "with blanks in it", " " * 8, "x" * 256, "päßwört"])
def test_passwords(password):
    check_password(password)


@pytest.mark.parametrize("password", ["", "1234567", "x" * 257, "ä" * 129, "12345678\n", "1234567\0", "1234567\ud800"])
def test_bad_passwords_are_not_repeated(password):
    with pytest.raises(Invalid) as raised:
        check_password(password)
    assert str(raised.value).startswith("password must ")
    assert not password or password not in str(raised.value)


@pytest.mark.parametrize("name", ["a", "living room", " a ", "x" * 128, "ä" * 64, "👨‍👩‍👧"])
def test_names_of_keys(name):
    check_key_name(name)


@pytest.mark.parametrize("name", ["", " ", "\u3000", "x" * 129, "ä" * 65, "a\tb", "a\x7f", "\ud800"])
def test_names_that_no_key_may_have(name):
    with pytest.raises(Invalid, match=r"^name must "):
        check_key_name(name)


@given(st.text(max_size=300))
def test_what_passes_can_be_stored_and_shown(text):
    for check in (check_username, check_password, check_key_name):
        if obeys(check, text):
            text.encode()
            assert not any(unicodedata.category(letter) == "Cc" for letter in text)
