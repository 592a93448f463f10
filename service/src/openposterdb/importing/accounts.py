"""Which admins and keys of the source are added."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from openposterdb.importing.columns import (
    cleaned,
    is_key_hash,
    is_password_hash,
    printable,
    quoted,
    read_text,
    read_time,
)
from openposterdb.importing.plan import Line, Mark, NewAdmin, NewKey, Present
from openposterdb.importing.source import Source

ADMINS: Final = "Admins"
KEYS: Final = "Keys"

_PREFIX_LENGTH = 8
_UNDATED = ", created now: the source has no date"


def plan_admins(source: Source, present: Present, *, now: str) -> Iterator[NewAdmin | Line]:
    """Admins by name, whose passwords go on working. `now` stands in for a date that makes no sense."""
    seen: set[str] = set()
    for row in source.rows("admin_users"):
        username = read_text(row.get("username"))
        name, password_hash = quoted(username), row.get("password_hash")
        if not username or username != cleaned(username):
            yield Line(ADMINS, Mark.LEFT, f"{name}: not taken over, nobody can log in with such a name")
        elif username in seen:
            yield Line(ADMINS, Mark.LEFT, f"{name}: not taken over, the source has another admin of this name")
        elif username in present.admins:
            same = present.admins[username] == password_hash
            kept = "" if same else ", and the password that it has here is kept"
            yield Line(ADMINS, Mark.THERE, f"{name}: already there{kept}")
        elif not is_password_hash(password_hash):
            yield Line(ADMINS, Mark.LEFT, f"{name}: not taken over, the password is not stored as Argon2id")
        else:
            created = read_time(row.get("created_at"))
            yield NewAdmin(username, password_hash, created or now)
            yield Line(ADMINS, Mark.ADDED, f"{name}, with the same password{'' if created else _UNDATED}")
        seen.add(username)


def plan_keys(source: Source, present: Present, creators: Mapping[Any, str], *, now: str) -> Iterator[NewKey | Line]:
    """Keys by their hash. `creators` are the names of admins that will be there, by their id in the source."""
    seen: set[str] = set()
    for row in source.rows("api_keys"):
        key_hash = row.get("key_hash")
        name = cleaned(read_text(row.get("name"))) or "unnamed"
        prefix = cleaned(read_text(row.get("key_prefix")))[:_PREFIX_LENGTH]
        title = f"{quoted(name)} {printable(prefix)}…"
        if not is_key_hash(key_hash):
            yield Line(KEYS, Mark.LEFT, f"{title}: not taken over, what is stored of it is no SHA-256")
            continue
        if key_hash in seen:
            yield Line(KEYS, Mark.LEFT, f"{title}: not taken over, the source has this key twice")
        elif key_hash in present.keys:
            ours = present.keys[key_hash]
            yield Line(KEYS, Mark.THERE, f"{title}: already there{'' if ours == name else f' as {quoted(ours)}'}")
        elif row.get("expires_at") is not None and read_time(row["expires_at"]) is None:
            yield Line(KEYS, Mark.LEFT, f"{title}: not taken over, when it expires is not a date")
        else:
            key = _new_key(row, key_hash, name, prefix, creators, now)
            yield key
            yield Line(KEYS, Mark.ADDED, f"{title}, {_told(key)}")
            yield from (Line(KEYS, Mark.CHANGED, f"{title}: {oddity}") for oddity in _oddities(row, key))
        seen.add(key_hash)


def creators_of(source: Source, there: set[str]) -> dict[Any, str]:
    """The names, by their id in the source, of the admins that are `there`."""
    named = ((row.get("id"), read_text(row.get("username"))) for row in source.rows("admin_users"))
    return {number: name for number, name in named if number is not None and name in there}


def _new_key(
    row: Mapping[str, Any], key_hash: str, name: str, prefix: str, creators: Mapping[Any, str], now: str
) -> NewKey:
    return NewKey(
        key_hash=key_hash,
        name=name,
        key_prefix=prefix,
        creator=creators.get(row.get("created_by")),
        created_at=read_time(row.get("created_at")) or now,
        last_used_at=read_time(row.get("last_used_at")),
        expires_at=read_time(row.get("expires_at")),
    )


def _told(key: NewKey) -> str:
    used = f"last used {key.last_used_at}" if key.last_used_at else "never used"
    expires = f", expires {key.expires_at}" if key.expires_at else ""
    return f"created {key.created_at} by {quoted(key.creator) if key.creator else 'nobody'}, {used}{expires}"


def _oddities(row: Mapping[str, Any], key: NewKey) -> Iterator[str]:
    """What of the row is not taken over as it stands."""
    if read_text(row.get("name")) != key.name:
        yield "its name is missing or holds what is no text, which is replaced"
    if read_text(row.get("key_prefix")) != key.key_prefix:
        yield "its prefix is not 8 letters and is cut or replaced"
    if not key.key_prefix:
        yield "its first letters are not known"
    if row.get("created_by") is not None and key.creator is None:
        yield "the admin who created it is not there, so it belongs to nobody"
    if read_time(row.get("created_at")) is None:
        yield "the source has no date of its creation, which counts as now"
    if row.get("last_used_at") is not None and key.last_used_at is None:
        yield "when it was last used is not a date and is left out"
