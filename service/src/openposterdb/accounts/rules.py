"""What names and passwords may look like."""

import unicodedata
from typing import Final

from openposterdb.errors import Invalid

_LONGEST_NAME: Final = 128
_PASSWORD_BYTES: Final = (8, 256)
_NO_TEXT: Final = {"Cc", "Cs"}
"""Control characters, and halves of surrogate pairs, which no database takes."""


def check_username(username: str) -> None:
    """Raise `Invalid` unless it has 1 to 128 bytes, no white space and no control characters."""
    _check_length("username", username, 1, _LONGEST_NAME)
    if any(letter.isspace() for letter in username):
        raise Invalid("username must not hold white space")
    _check_text("username", username)


def check_password(password: str) -> None:
    """Raise `Invalid` unless it has 8 to 256 bytes and no control characters; blanks are welcome."""
    _check_length("password", password, *_PASSWORD_BYTES)
    _check_text("password", password)


def check_key_name(name: str) -> None:
    """Raise `Invalid` unless it has 1 to 128 bytes, no control characters, and something to see."""
    _check_length("name", name, 1, _LONGEST_NAME)
    _check_text("name", name)
    if not name.strip():
        raise Invalid("name must not be blank")


def _check_length(what: str, text: str, shortest: int, longest: int) -> None:
    if not shortest <= len(text.encode(errors="surrogatepass")) <= longest:
        raise Invalid(f"{what} must have {shortest} to {longest} bytes")


def _check_text(what: str, text: str) -> None:
    if any(unicodedata.category(letter) in _NO_TEXT for letter in text):
        raise Invalid(f"{what} must not hold control characters")
