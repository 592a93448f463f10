"""What stands in single columns of another installation's database, checked. SQLite holds anything anywhere."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any, TypeGuard

from openposterdb.storage.rows import timestamp

_LONGEST_SHOWN = 60
_KEY_HASH = re.compile(r"[0-9a-f]{64}")
_ARGON2ID = re.compile(
    r"\$argon2id\$v=19\$m=[0-9]{1,6},t=[0-9]{1,3},p=[0-9]{1,2}\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{16,128}"
)
"""A PHC string within costs that a server can bear: less than 1 GiB of memory."""


def read_text(value: Any) -> str:
    """The text of a column; empty for NULL and for bytes."""
    return value if isinstance(value, str) else "" if value is None or isinstance(value, bytes) else str(value)


def cleaned(text: str) -> str:
    """The text with a replacement character for each control character and for what is no UTF-8."""
    return "".join("\ufffd" if unicodedata.category(letter) in {"Cc", "Cs"} else letter for letter in text)


def printable(text: str) -> str:
    """The text as it may be printed on a terminal, shortened when it is long."""
    short = text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in short)


def quoted(text: str) -> str:
    """The same in quotes."""
    return f'"{printable(text)}"'


def is_key_hash(value: Any) -> TypeGuard[str]:
    """Whether it is the SHA-256 of a key's text in lower-case hex, the form that keys are looked up by."""
    return isinstance(value, str) and _KEY_HASH.fullmatch(value) is not None


def is_password_hash(value: Any) -> TypeGuard[str]:
    """Whether it is an Argon2id hash in PHC form."""
    return isinstance(value, str) and _ARGON2ID.fullmatch(value) is not None


def read_time(value: Any) -> str | None:
    """A time since 1970 in ISO 8601, UTC where it names no zone, as `YYYY-MM-DD HH:MM:SS` UTC; None for all else."""
    try:
        parsed = datetime.fromisoformat(read_text(value).strip())
        unix = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
        return timestamp(unix) if unix >= 0 else None
    except (ValueError, OverflowError):
        return None
