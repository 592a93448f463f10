"""What an API key looks like, and the forms in which it is stored and shown."""

import hashlib
import uuid

FREE_KEY = "t0-free-rpdb"
"""The key that everybody knows."""

_LONGEST_KEY = 256


def mint() -> str:
    """A new key, `t3-` and a random UUID: the form by which clients of RPDB switch their features on."""
    return f"t3-{uuid.uuid4()}"


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
