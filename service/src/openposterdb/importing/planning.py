"""From what an existing installation has and what is here already to a plan."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeVar

from openposterdb.importing.accounts import creators_of, plan_admins, plan_keys
from openposterdb.importing.columns import printable, quoted
from openposterdb.importing.plan import Line, Mark, NewAdmin, NewKey, NewKeySettings, Plan, Present
from openposterdb.importing.settings import plan_global_settings, plan_key_settings
from openposterdb.importing.source import Source
from openposterdb.settings.model import RenderSettings

REST: Final = "The rest"

T = TypeVar("T")

_EXPECTED: Final[Mapping[str, tuple[str, ...]]] = {
    "admin_users": ("id", "username", "password_hash", "created_at"),
    "api_keys": ("id", "name", "key_hash", "key_prefix", "created_by", "created_at", "last_used_at"),
    "api_key_settings": ("api_key_id", *RenderSettings.model_fields),
    "global_settings": ("key", "value"),
}
_KNOWN_TOO: Final = {"sessions_from", "expires_at"}  # only this product's own databases have them
_REBUILT: Final = "filled again as titles are asked for"
_REASONS: Final = {
    "refresh_tokens": "everybody logs in again",
    "image_meta": "images are made again when they are asked for",
    "poster_meta": "images are made again when they are asked for",
    "available_ratings": _REBUILT,
    "title_aliases": _REBUILT,
    "base_art": _REBUILT,
    "cdn_settings": "addresses under /c/ are handed out anew",
    "audit_log": "it tells of the other installation",
    "key_usage": "it counts the other installation's requests",
    "instance_secrets": "an installation has secrets of its own",
    "changes": "bookkeeping",
    "image_purges": "bookkeeping",
    "alembic_version": "bookkeeping",
}


def make_plan(source: Source, present: Present, *, now: str) -> Plan:
    """What to add, and a line for each thing of the source. `now` is the date of what has none."""
    admins, admin_lines = _sorted_out(NewAdmin, plan_admins(source, present, now=now))
    creators = creators_of(source, {*present.admins, *(admin.username for admin in admins)})
    keys, key_lines = _sorted_out(NewKey, plan_keys(source, present, creators, now=now))
    hashes = {*present.keys, *(key.key_hash for key in keys)}
    settings, settings_lines = _sorted_out(NewKeySettings, plan_key_settings(source, present, hashes))
    values, value_lines = _sorted_out(tuple, plan_global_settings(source, present))
    return Plan(
        lines=(*admin_lines, *key_lines, *settings_lines, *value_lines, *_other_lines(source)),
        admins=admins,
        keys=keys,
        key_settings=settings,
        global_values=dict(values),
    )


def _sorted_out(kind: type[T], planned: Iterable[T | Line]) -> tuple[tuple[T, ...], tuple[Line, ...]]:
    """What is to be added, and what is said of it."""
    everything = tuple(planned)
    lines = tuple(each for each in everything if isinstance(each, Line))
    return tuple(each for each in everything if not isinstance(each, Line) and isinstance(each, kind)), lines


def _other_lines(source: Source) -> Iterator[Line]:
    """What the source does not have, and what of it is not looked at: nothing gets lost in silence."""
    for table, columns in _EXPECTED.items():
        found = source.tables.get(table)
        if found is None:
            yield Line(REST, Mark.LEFT, f"{table}: the source has no such table")
        elif found.missing:
            rows = f"{_rows(found.size)} not taken over"
            yield Line(REST, Mark.LEFT, f"{table}: {rows}, there is no column {', '.join(found.missing)}")
        elif found.size:
            absent = [column for column in columns if column not in found.columns]
            unknown = [column for column in found.columns if column not in columns and column not in _KNOWN_TOO]
            if absent:
                yield Line(REST, Mark.CHANGED, f"{table}: the defaults are used for {', '.join(absent)}")
            if unknown:
                named = ", ".join(map(quoted, unknown))
                yield Line(REST, Mark.LEFT, f"{table}: not taken over are its columns unknown here, {named}")
    for table, count in source.others.items():
        if count:
            reason = _REASONS.get(table, "the table is unknown here")
            yield Line(REST, Mark.LEFT, f"{printable(table)}: {_rows(count)} not taken over, {reason}")


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"
