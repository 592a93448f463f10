"""Settings: the global ones, those of a key, and those of one's own key. Saving merges; effects are immediate."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from openposterdb.buckets import Buckets, Rate
from openposterdb.clock import Clock
from openposterdb.errors import NotFound, TooManyRequests, Unauthorized
from openposterdb.http.api.auth import Done
from openposterdb.http.api.calls import AdminCall, Call, KeyCall
from openposterdb.http.api.effects import LocalEffects
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.keys import NO_SUCH_KEY
from openposterdb.http.api.numbers import ById
from openposterdb.http.api.trail import Trail, key_label
from openposterdb.settings import RenderSettings
from openposterdb.settings.changes import SettingsChanges
from openposterdb.settings.declared import wire_names
from openposterdb.storage.repositories import ApiKeyRepository, SettingsRepository
from openposterdb.storage.rows import ApiKey

TAG = "Settings"
OWN_TAG = "Own key"
OWN_CHANGES: Final = Rate(burst=20, interval=3.0)
"""Of one key by its owners: each takes a line of the audit trail, and the answers that all keys have in memory."""

_BAD: Final = {400: "A value is not allowed; every wrong member is named."}
_DECLARED: Final = {409: "The configuration declares a setting that would change; each is named."}
_MISSING: Final = {404: "There is no such key."}

FanartAvailable = Annotated[bool, Field(description="Whether a Fanart.tv key is configured.")]


class KeySettings(RenderSettings, frozen=True):
    """The settings in effect for a key."""

    fanart_available: FanartAvailable
    is_default: Annotated[bool, Field(description="Whether the key has none of its own, so that these are the global.")]


class GlobalSettings(RenderSettings, frozen=True):
    """The settings of everybody who has none of their own."""

    fanart_available: FanartAvailable
    free_api_key_enabled: Annotated[bool, Field(description="Whether the key `t0-free-rpdb` is let in.")]
    free_api_key_locked: Annotated[
        bool, Field(description="Whether `FREE_KEY_ENABLED` decides; changes of the switch are ignored then.")
    ]
    declared: Annotated[
        bool,
        Field(
            description="Whether the configuration (`RENDER_SETTINGS`) declares settings; they cannot be changed here."
        ),
    ]
    declared_settings: Annotated[list[str], Field(description="Which settings it declares, by name.")]


class GlobalChanges(SettingsChanges):
    """Global settings to change; members that are left out or null keep their value."""

    free_api_key_enabled: Annotated[bool | None, Field(description="Let the key `t0-free-rpdb` in, or not.")] = None


class OwnKey(BaseModel):
    """The key of this session."""

    key_prefix: str
    name: str


class SettingsRoutes:
    """Reading and saving settings."""

    def __init__(
        self,
        *,
        settings: SettingsRepository,
        keys: ApiKeyRepository,
        trail: Trail,
        effects: LocalEffects,
        fanart_available: bool,
        free_key_enabled: bool | None,
        clock: Clock,
    ) -> None:
        """`free_key_enabled` of None leaves the free key to the stored switch."""
        self._settings = settings
        self._keys = keys
        self._trail = trail
        self._effects = effects
        self._fanart_available = fanart_available
        self._free_key_enabled = free_key_enabled
        self._own_changes = Buckets(OWN_CHANGES, clock)

    def add_to(self, api: Api) -> None:
        """Add the operations."""
        api.get("/api/settings/schema", tag=TAG)(self.settings_schema)
        api.get("/api/admin/settings", tag=TAG)(self.global_settings)
        api.put("/api/admin/settings", tag=TAG, errors={**_BAD, **_DECLARED})(self.save_global_settings)
        api.get("/api/keys/{id}/settings", tag=TAG, errors=_MISSING)(self.key_settings)
        api.put("/api/keys/{id}/settings", tag=TAG, errors={**_BAD, **_MISSING})(self.save_key_settings)
        api.delete("/api/keys/{id}/settings", tag=TAG, errors=_MISSING)(self.reset_key_settings)
        api.get("/api/key/me", tag=OWN_TAG)(self.own_key)
        api.get("/api/key/me/settings", tag=OWN_TAG)(self.own_settings)
        api.put("/api/key/me/settings", tag=OWN_TAG, errors=_BAD, limited=True)(self.save_own_settings)
        api.delete("/api/key/me/settings", tag=OWN_TAG, limited=True)(self.reset_own_settings)

    async def settings_schema(self, _call: Call) -> dict[str, Any]:
        """Describe every setting as a JSON schema: type, allowed values, default, meaning."""
        return RenderSettings.model_json_schema(by_alias=True, mode="serialization")

    async def global_settings(self, _call: AdminCall) -> GlobalSettings:
        """Read the global settings."""
        locked = self._free_key_enabled
        return GlobalSettings(
            **(await self._settings.effective(None)).model_dump(),
            fanart_available=self._fanart_available,
            free_api_key_enabled=await self._settings.free_key_enabled() if locked is None else locked,
            free_api_key_locked=locked is not None,
            declared=bool(self._settings.declared),
            declared_settings=wire_names(self._settings.declared),
        )

    async def save_global_settings(self, call: AdminCall, body: GlobalChanges) -> Done:
        """Change global settings; members that are left out keep their value.

        What the configuration declares stays as it is: another value for it is refused.
        """
        given = body.given()
        switch = body.free_api_key_enabled if self._free_key_enabled is None else None
        await self._settings.save_global(given, free_key=switch)
        self._effects.settings_changed()
        if given:
            await self._trail.note(call, "global_settings_changed", target="global settings", detail=", ".join(given))
        if switch is not None:
            await self._trail.note(call, "free_key_switched", target="free key", detail="on" if switch else "off")
        return Done()

    async def key_settings(self, _call: AdminCall, path: ById) -> KeySettings:
        """Read the settings in effect for a key."""
        return await self._shown(await self._known(path.id))

    async def save_key_settings(self, call: AdminCall, path: ById, body: SettingsChanges) -> Done:
        """Give a key settings of its own, or change them; members that are left out keep their value."""
        return await self._save(call, await self._known(path.id), body)

    async def reset_key_settings(self, call: AdminCall, path: ById) -> Done:
        """Let a key follow the global settings again."""
        return await self._reset(call, await self._known(path.id))

    async def own_key(self, call: KeyCall) -> OwnKey:
        """Tell which key this session is of."""
        return OwnKey(key_prefix=call.key.key_prefix, name=call.key.name)

    async def own_settings(self, call: KeyCall) -> KeySettings:
        """Read the settings in effect for one's own key."""
        return await self._shown(call.key)

    async def save_own_settings(self, call: KeyCall, body: SettingsChanges) -> Done:
        """Change the settings of one's own key; members that are left out keep their value."""
        self._spend(call.key)
        try:
            return await self._save(call, call.key, body)
        except NotFound:  # the key was revoked elsewhere a moment ago
            raise Unauthorized from None

    async def reset_own_settings(self, call: KeyCall) -> Done:
        """Let one's own key follow the global settings again."""
        self._spend(call.key)
        return await self._reset(call, call.key)

    def _spend(self, key: ApiKey) -> None:
        """Take a token for a change by the key's owner."""
        bucket = str(key.id)
        if not self._own_changes.allow(bucket):
            raise TooManyRequests("too many changes", retry_after=self._own_changes.retry_after(bucket))

    async def _known(self, key_id: int) -> ApiKey:
        key = await self._keys.get(key_id)
        if key is None:
            raise NotFound(NO_SUCH_KEY)
        return key

    async def _shown(self, key: ApiKey) -> KeySettings:
        own = await self._settings.own(key.id)
        settings = own or await self._settings.effective(None)
        return KeySettings(**settings.model_dump(), fanart_available=self._fanart_available, is_default=own is None)

    async def _save(self, call: AdminCall | KeyCall, key: ApiKey, changes: SettingsChanges) -> Done:
        given = changes.given()
        await self._settings.save_key(key.id, given)
        self._effects.settings_changed()
        await self._trail.note(call, "key_settings_changed", target=key_label(key), detail=", ".join(given))
        return Done()

    async def _reset(self, call: AdminCall | KeyCall, key: ApiKey) -> Done:
        if await self._settings.reset_key(key.id):
            self._effects.settings_changed()
            await self._trail.note(call, "key_settings_reset", target=key_label(key))
        return Done()
