"""Which settings of the source are added: of its keys, and the global ones with the free key's switch."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from openposterdb.importing.columns import is_key_hash, printable, quoted, read_text
from openposterdb.importing.plan import Line, Mark, NewKeySettings, Present
from openposterdb.importing.source import Source
from openposterdb.settings.model import RenderSettings

KEY_SETTINGS: Final = "Settings of keys"
GLOBAL_SETTINGS: Final = "Global settings"
FREE_KEY: Final = "free_api_key_enabled"

_SWITCHES: Final = {FREE_KEY, "fanart_textless"}
_DEFAULTS: Final = RenderSettings()


def plan_key_settings(source: Source, present: Present, keys: set[str]) -> Iterator[NewKeySettings | Line]:
    """A full row for each key that has its own settings; `keys` are the hashes that will be there."""
    titles = {row.get("id"): row for row in source.rows("api_keys")}
    done: set[str] = set()
    for row in source.rows("api_key_settings"):
        key = titles.get(row["api_key_id"], {})
        key_hash, title = key.get("key_hash"), quoted(read_text(key.get("name")))
        if not is_key_hash(key_hash) or key_hash not in keys or key_hash in done:
            number = printable(read_text(row["api_key_id"]))
            reason = "their key is not taken over" if key else f"there is no key with id {number}"
            yield Line(KEY_SETTINGS, Mark.LEFT, f"{title if key else 'settings'}: not taken over, {reason}")
            continue
        done.add(key_hash)
        settings, wrong = _valid(row)
        if key_hash not in present.key_settings:
            yield NewKeySettings(key_hash, settings)
            yield Line(KEY_SETTINGS, Mark.ADDED, f"{title}: {_told(settings)}")
        else:
            theirs = settings.model_dump()
            other = [name for name, value in present.key_settings[key_hash].items() if theirs.get(name, value) != value]
            kept = f", and kept as they are here: {', '.join(other)} differ" if other else ""
            yield Line(KEY_SETTINGS, Mark.THERE, f"{title}: already there{kept}")
        yield from (Line(KEY_SETTINGS, Mark.CHANGED, f"{title}: {_fallen_back(*each)}") for each in wrong.items())


def plan_global_settings(source: Source, present: Present) -> Iterator[tuple[str, str] | Line]:
    """Name and text of each value to be added. What the source does not set, or not rightly, stays as it is here."""
    for row in source.rows("global_settings"):
        name, text = read_text(row["key"]), read_text(row["value"])
        if name != FREE_KEY and name not in RenderSettings.model_fields:
            yield Line(GLOBAL_SETTINGS, Mark.LEFT, f"{quoted(name)}: not taken over, there is no such setting here")
            continue
        value = _global_value(name, text)
        if name in _SWITCHES and text not in {"true", "false"}:
            yield Line(GLOBAL_SETTINGS, Mark.CHANGED, f"{name}: {quoted(text)} is neither true nor false: it is off")
        if value is None:
            yield Line(GLOBAL_SETTINGS, Mark.CHANGED, _fallen_back(name, text))
        elif name not in present.global_values:
            yield name, value
            yield Line(GLOBAL_SETTINGS, Mark.ADDED, f"{name} = {printable(value)}")
        else:
            ours = present.global_values[name]
            kept = "" if ours == value else f", and kept: here {quoted(ours)}, there {quoted(value)}"
            yield Line(GLOBAL_SETTINGS, Mark.THERE, f"{name}: already there{kept}")


def _valid(row: Mapping[str, Any]) -> tuple[RenderSettings, dict[str, Any]]:
    """The settings of a row with each value that is not valid at its default, and those values."""
    given = {name: value for name, value in row.items() if name in RenderSettings.model_fields}
    wrong = {name: value for name, value in given.items() if _parsed(name, value) is None}
    right = {name: value for name, value in given.items() if name not in wrong}
    return RenderSettings.model_validate(right), wrong


def _global_value(name: str, text: str) -> str | None:
    """The text of a valid value in this product's spelling; a switch is on for `true` alone."""
    if name in _SWITCHES:
        return "true" if text == "true" else "false"
    parsed = _parsed(name, text)
    return None if parsed is None else str(parsed).lower() if isinstance(parsed, bool) else str(parsed)


def _parsed(name: str, value: Any) -> Any | None:
    try:
        return getattr(RenderSettings.model_validate({name: value}), name)
    except ValidationError:
        return None


def _fallen_back(name: str, value: Any) -> str:
    return f"{name}: {quoted(read_text(value))} is not valid, the default {getattr(_DEFAULTS, name)} takes its place"


def _told(settings: RenderSettings) -> str:
    defaults = _DEFAULTS.model_dump()
    other = [
        f"{name} = {printable(str(value))}" for name, value in settings.model_dump().items() if value != defaults[name]
    ]
    return ", ".join(other) or "the defaults, of its own"
