"""What an API key looks like, and the forms in which it is stored and shown."""

import hashlib
import re
import uuid

from openposterdb.errors import Invalid

FREE_KEY = "t0-free-rpdb"
"""The key that everybody knows."""

_LONGEST_KEY = 256
_MINTED = re.compile(r"t3-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def mint() -> str:
    """A new key, `t3-` and a random UUID: the form by which clients of RPDB switch their features on."""
    return f"t3-{uuid.uuid4()}"


def check_minted(raw: str) -> str:
    """`raw`, if it has the form that `mint` gives keys; Invalid otherwise, which does not show it."""
    if not _MINTED.fullmatch(raw):
        raise Invalid("key must be t3- and a random UUID of version 4 in small letters")
    return raw


def hash_key(raw: str) -> str:
    """The form in which a key is stored: SHA-256 of its text in hex. A key's 122 random bits need no slow hash."""
    return hashlib.sha256(raw.encode(errors="surrogatepass")).hexdigest()


def prefix_of(raw: str) -> str:
    """As much of a key as may be shown."""
    return raw[:8]


def normalise(raw: str) -> str | None:
    """The key in what somebody typed or pasted, without the spaces around it; None when it cannot be one."""
    key = raw.strip()
    return key if 0 < len(key) <= _LONGEST_KEY else None
