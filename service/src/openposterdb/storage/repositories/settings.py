"""Render settings as stored: a value per row for everybody, a full row for each key that has its own."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from openposterdb.errors import NotFound
from openposterdb.settings.changes import apply_changes
from openposterdb.settings.declared import Declared, refuse_changes_of
from openposterdb.settings.model import RenderSettings
from openposterdb.storage.changes import announce
from openposterdb.storage.database import Database
from openposterdb.storage.tables import api_key_settings, api_keys, global_settings
from openposterdb.storage.upsert import upsert

_FREE_KEY = "free_api_key_enabled"


class SettingsRepository:
    """A key's settings are its own row, whole, or else the global ones. Changes are announced (topic `settings`).

    Saving merges: members that are not given, or null, keep their value. What is given is checked, all of it at once: Invalid
    names every wrong member. Stored values that are not valid (any more) fall back to the default one by one. What is `declared` wins
    over what is stored for everybody, and Conflict names what of it somebody wants to change.
    """

    def __init__(self, database: Database, declared: Declared | None = None) -> None:
        self._database = database
        self.declared = declared or {}

    async def effective(self, key_id: int | None) -> RenderSettings:
        """The settings for requests of this key; None stands for the free key and everything else without a key."""
        async with self._database.reading() as connection:
            return await self._effective(connection, key_id)

    async def own(self, key_id: int) -> RenderSettings | None:
        """The key's own settings; None when it follows the global ones."""
        async with self._database.reading() as connection:
            return await _own(connection, key_id)

    async def free_key_enabled(self) -> bool:
        """Whether the stored switch lets the free key in."""
        async with self._database.reading() as connection:
            return (await _global_rows(connection)).get(_FREE_KEY) == "true"

    async def save_global(self, changes: Mapping[str, Any], *, free_key: bool | None = None) -> RenderSettings:
        """Change the global settings, and the free key's switch unless it is None; the settings afterwards."""
        refuse_changes_of(self.declared, changes)
        async with self._database.writing() as connection:
            await announce(connection, "settings")  # first: it holds the others back from what is read here
            settings = apply_changes(await self._effective(connection, None), changes)
            values = {
                name: _as_text(value) for name, value in settings.model_dump().items() if name not in self.declared
            }
            if free_key is not None:
                values[_FREE_KEY] = _as_text(free_key)
            await upsert(connection, global_settings, [{"key": key, "value": value} for key, value in values.items()])
        return settings

    async def save_key(self, key_id: int, changes: Mapping[str, Any]) -> RenderSettings:
        """Give the key its own settings, changed from those in effect for it; NotFound without such a key."""
        async with self._database.writing() as connection:
            await announce(connection, "settings")
            known = await connection.execute(select(api_keys.c.id).where(api_keys.c.id == key_id))
            if known.one_or_none() is None:
                raise NotFound("no such key")
            settings = apply_changes(await self._effective(connection, key_id), changes)
            await upsert(connection, api_key_settings, [{"api_key_id": key_id, **settings.model_dump()}])
        return settings

    async def reset_key(self, key_id: int) -> bool:
        """Let the key follow the global settings again; False when it did."""
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(api_key_settings).where(api_key_settings.c.api_key_id == key_id))
            if gone.rowcount:
                await announce(connection, "settings")
            return bool(gone.rowcount)

    async def _effective(self, connection: AsyncConnection, key_id: int | None) -> RenderSettings:
        own = await _own(connection, key_id) if key_id is not None else None
        if own is not None:
            return own
        rows = await _global_rows(connection)
        # any other text than `true` is false here, whatever a boolean may look like elsewhere
        textless = {"fanart_textless": rows.get("fanart_textless") == "true"}
        return _tolerant({**rows, **textless, **self.declared})


async def _own(connection: AsyncConnection, key_id: int) -> RenderSettings | None:
    query = select(api_key_settings).where(api_key_settings.c.api_key_id == key_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return _tolerant({str(name): value for name, value in row.items()}) if row else None


async def _global_rows(connection: AsyncConnection) -> dict[str, str]:
    rows = await connection.execute(select(global_settings.c.key, global_settings.c.value))
    return {str(key): str(value) for key, value in rows}


def _tolerant(stored: Mapping[str, Any]) -> RenderSettings:
    """The settings with each value that is not valid left out."""
    try:
        return RenderSettings.model_validate(dict(stored))
    except ValidationError as error:
        wrong = {issue["loc"][0] for issue in error.errors() if issue["loc"]}
        return RenderSettings.model_validate({name: value for name, value in stored.items() if name not in wrong})


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
