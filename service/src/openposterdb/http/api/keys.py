"""`/api/keys`: creating, naming, limiting and revoking API keys, and how much each is used."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.exc import IntegrityError

from openposterdb.accounts.keys import check_minted, hash_key, mint, prefix_of
from openposterdb.accounts.rules import check_key_name
from openposterdb.clock import Clock
from openposterdb.errors import Invalid, NotFound
from openposterdb.http.api.auth import Done
from openposterdb.http.api.calls import AdminCall
from openposterdb.http.api.effects import LocalEffects
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.numbers import ById, UInt31
from openposterdb.http.api.trail import Trail, key_label
from openposterdb.storage.repositories import ApiKeyRepository, KeyUsageRepository
from openposterdb.storage.rows import ApiKey, day_of, unix_time

TAG = "Keys"
NO_SUCH_KEY: Final = "no such key"
_FOR_EVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
_MOST_DAYS: Final = 400

Expiry = Annotated[
    AwareDatetime | None,
    Field(description="When the key stops to work: ISO 8601 with a zone, `2027-01-01T00:00:00Z`; null for never."),
]


class NewKey(BaseModel):
    """A key to create. Names have 1 to 128 bytes and need not be unique."""

    # A caller that must not create two keys whatever happens between the request and its answer brings the key along.

    name: Annotated[str, Field(examples=["living room"])]
    expires_at: Expiry = None
    key: Annotated[
        str | None,
        Field(
            description="The key itself, `t3-` and a random UUID of version 4, for those who keep it elsewhere; made here when "
            "null. If it exists already, nothing is created and the answer is about that key.",
        ),
    ] = None


class KeyChanges(BaseModel):
    """What to change of a key; what is left out stays."""

    name: Annotated[str | None, Field(examples=["attic"])] = None
    expires_at: Expiry = None


class ShownKey(BaseModel):
    """A key as it can be shown. Times are `YYYY-MM-DD HH:MM:SS`, UTC, and `expires_at` in ISO 8601."""

    id: int
    name: str
    key_prefix: Annotated[str, Field(description="The first 8 characters.")]
    created_at: str
    last_used_at: str | None
    expires_at: datetime | None


class CreatedKey(BaseModel):
    """A new key; `key` is shown only here."""

    created_at: str
    id: int
    key: str
    key_prefix: str
    name: str
    expires_at: datetime | None


class UsageQuery(BaseModel):
    """How far back."""

    days: Annotated[UInt31, Field(description=f"How many days, 1 to {_MOST_DAYS}; numbers beyond are clamped.")] = 30


class DayCount(BaseModel):
    """The requests of one day (`2026-11-22`, UTC)."""

    day: str
    requests: int


class KeyUsage(BaseModel):
    """Requests by day, oldest first, the days without any included. The last minute may still be missing."""

    total: int
    days: list[DayCount]


class KeyRoutes:
    """What admins do with keys."""

    def __init__(
        self,
        *,
        keys: ApiKeyRepository,
        usage: KeyUsageRepository,
        trail: Trail,
        effects: LocalEffects,
        clock: Clock,
    ) -> None:
        self._keys = keys
        self._usage = usage
        self._trail = trail
        self._effects = effects
        self._clock = clock

    def add_to(self, api: Api) -> None:
        """Add the operations."""
        bad = {400: "The name or the expiry is not allowed."}
        missing = {404: "There is no such key."}
        api.get("/api/keys", tag=TAG)(self.list_keys)
        api.post("/api/keys", tag=TAG, errors=bad, secret=True)(self.create_key)
        api.patch("/api/keys/{id}", tag=TAG, errors={**bad, **missing})(self.change_key)
        api.delete("/api/keys/{id}", tag=TAG)(self.revoke_key)
        api.get("/api/keys/{id}/usage", tag=TAG, errors=missing)(self.key_usage)

    async def list_keys(self, _call: AdminCall) -> list[ShownKey]:
        """List the keys, oldest first."""
        return [_shown(key) for key in await self._keys.list()]

    async def create_key(self, call: AdminCall, body: NewKey) -> CreatedKey:
        """Create a key.

        The key itself is shown in this answer and never again: what is kept is its hash.
        """
        check_key_name(body.name)
        expires_at = self._expiry(body.expires_at)
        raw = mint() if body.key is None else check_minted(body.key)
        known = None if body.key is None else await self._keys.find_by_hash(hash_key(raw))
        key = known or await self._created(call, body.name, raw, expires_at)
        shown = _shown(key)
        return CreatedKey(
            created_at=shown.created_at,
            id=shown.id,
            key=raw,
            key_prefix=shown.key_prefix,
            name=shown.name,
            expires_at=shown.expires_at,
        )

    async def change_key(self, call: AdminCall, path: ById, body: KeyChanges) -> ShownKey:
        """Rename a key, or change until when it is good.

        A null `expires_at` lets it live for ever.
        """
        if body.name is not None:
            check_key_name(body.name)
        expires_at = self._expiry(body.expires_at)
        key = await self._keys.get(path.id)
        if key is not None and body.name is not None and body.name != key.name:
            key = await self._rename(call, key, body.name)
        if key is not None and "expires_at" in body.model_fields_set:
            key = await self._limit(call, key, expires_at)
        if key is None:
            raise NotFound(NO_SUCH_KEY)
        return _shown(key)

    async def revoke_key(self, call: AdminCall, path: ById) -> Done:
        """Revoke a key: it opens nothing from now on, and its settings are gone.

        Also when there is no such key.
        """
        key = await self._keys.get(path.id)
        if key is not None and await self._keys.revoke(path.id):
            self._effects.keys_changed()
            await self._trail.note(call, "key_revoked", target=key_label(key), detail=key.name)
        return Done()

    async def key_usage(self, _call: AdminCall, path: ById, query: UsageQuery) -> KeyUsage:
        """Tell how often a key was used, day by day."""
        if await self._keys.get(path.id) is None:
            raise NotFound(NO_SUCH_KEY)
        today = datetime.fromtimestamp(self._clock.now(), UTC)
        count = min(max(query.days, 1), _MOST_DAYS)
        days = [day_of((today - timedelta(days=back)).timestamp()) for back in reversed(range(count))]
        used = {use.day: use.requests for use in await self._usage.by_day(path.id, days[0])}
        counts = [DayCount(day=day, requests=used.get(day, 0)) for day in days]
        return KeyUsage(total=sum(used.values()), days=counts)

    async def _created(self, call: AdminCall, name: str, raw: str, expires_at: float | None) -> ApiKey:
        digest = hash_key(raw)
        try:
            key = await self._keys.create(name, digest, prefix_of(raw), created_by=call.admin.id, expires_at=expires_at)
        except IntegrityError:
            twin = await self._keys.find_by_hash(digest)
            if twin is None:
                raise
            return twin  # somebody brought the same key at the same moment
        self._effects.keys_changed()
        await self._trail.note(call, "key_created", target=key_label(key), detail=key.name)
        return key

    async def _rename(self, call: AdminCall, key: ApiKey, name: str) -> ApiKey | None:
        renamed = await self._keys.rename(key.id, name)
        if renamed is not None:
            self._effects.keys_changed()
            await self._trail.note(call, "key_renamed", target=key_label(key), detail=f"{key.name} → {name}")
        return renamed

    async def _limit(self, call: AdminCall, key: ApiKey, expires_at: float | None) -> ApiKey | None:
        limited = await self._keys.set_expiry(key.id, expires_at)
        if limited is not None:
            self._effects.keys_changed()
            await self._trail.note(
                call, "key_expiry_changed", target=key_label(key), detail=limited.expires_at or "never"
            )
        return limited

    def _expiry(self, at: datetime | None) -> float | None:
        if at is None:
            return None
        if not self._clock.now() < at.timestamp() < _FOR_EVER.timestamp():
            raise Invalid("expires_at must be in the future")
        return at.timestamp()


def _shown(key: ApiKey) -> ShownKey:
    expires_at = None if key.expires_at is None else datetime.fromtimestamp(unix_time(key.expires_at), UTC)
    return ShownKey(
        id=key.id,
        name=key.name,
        key_prefix=key.key_prefix,
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        expires_at=expires_at,
    )
