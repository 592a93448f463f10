"""Administrators: the first one, their passwords, their sessions, and each other."""

import hmac
from typing import Final

import structlog

from openposterdb.accounts.attempts import Attempts
from openposterdb.accounts.audit import AuditTrail
from openposterdb.accounts.passwords import Passwords
from openposterdb.accounts.rules import check_password, check_username
from openposterdb.accounts.sessions import (
    REFRESH_SECONDS,
    Session,
    hashed,
    is_refresh_token,
    new_family,
    new_refresh_token,
)
from openposterdb.accounts.tokens import Tokens
from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.loading import LoadingCache
from openposterdb.clock import Clock
from openposterdb.errors import Conflict, Forbidden, Overloaded, StorageUnavailable, Unauthorized
from openposterdb.storage.repositories import AdminRepository, RefreshTokenRepository
from openposterdb.storage.repositories.audit import FAILED_LOGIN
from openposterdb.storage.rows import Admin, StoredAdmin

log = structlog.get_logger(__name__)

_KNOWN_SECONDS: Final = 300
_MOST_ADMINS: Final = 1_000
_COMPLETED: Final = "Setup already completed"
_SYSTEM: Final = "system"


class Admins:
    """Who may administer. What is done here is recorded in the audit trail, with the client's `address` where it is given.

    The methods that log in raise `Unauthorized` for everything that does not match, `TooManyRequests` after too many
    failures for one account, and `Overloaded` when too many passwords wait to be verified.
    """

    def __init__(
        self,
        admins: AdminRepository,
        refresh_tokens: RefreshTokenRepository,
        passwords: Passwords,
        tokens: Tokens,
        audit: AuditTrail,
        background: BackgroundTasks,
        attempts: Attempts,
        clock: Clock,
        *,
        setup_token: str | None = None,
    ) -> None:
        self._admins = admins
        self._refresh_tokens = refresh_tokens
        self._passwords = passwords
        self._tokens = tokens
        self._audit = audit
        self._background = background
        self._clock = clock
        self._setup_token = setup_token
        self._attempts = attempts
        self._known: LoadingCache[str, Admin | None] = LoadingCache(
            max_entries=_MOST_ADMINS, ttl=_KNOWN_SECONDS, clock=clock
        )

    async def setup_required(self) -> bool:
        """Whether there is no admin yet."""
        return not await self._admins.exist()

    async def setup(
        self, username: str, password: str, setup_token: str | None = None, *, address: str | None = None
    ) -> Session:
        """Make the first admin and log in. `Forbidden` once there is one, or without the token that is configured."""
        if not await self.setup_required():
            raise Forbidden(_COMPLETED)
        self._check_setup_token(setup_token)
        check_username(username)
        check_password(password)
        password_hash = await self._passwords.hash(password)
        admin = await self._admins.create_first(username, password_hash)
        if admin is None:
            raise Forbidden(_COMPLETED)
        self.forget()
        await self._attempts.succeed(username, address)
        await self._audit.record(username, "setup", address=address)
        return await self._begin(StoredAdmin(admin, password_hash))

    async def seed(self, username: str, password: str) -> None:
        """Make the first admin, of whatever name and password, if there is none."""
        if not await self.setup_required():
            return
        if await self._admins.create_first(username, await self._passwords.hash(password)) is not None:
            log.info("admin_seeded")
            await self._audit.record(_SYSTEM, "admin_seeded", target=username)

    async def login(self, username: str, password: str, *, address: str | None = None) -> Session:
        """A session for whoever knows the password."""
        stored = await self._verified(username, password, address)
        session = await self._begin(await self._renewed(stored, password))
        await self._audit.record(username, "login", address=address)
        return session

    async def refresh(self, refresh_token: str | None, *, address: str | None = None) -> Session:
        """The session that follows the one of this refresh token, which is used up; a second use ends its whole family."""
        if not is_refresh_token(refresh_token):
            raise Unauthorized
        successor = new_refresh_token()
        rotation = await self._refresh_tokens.rotate(
            hashed(refresh_token), successor_hash=hashed(successor), lifetime=REFRESH_SECONDS
        )
        if rotation is None:
            raise Unauthorized
        if rotation.reused:
            self.forget()
            log.warning("refresh_token_reused")
            await self._audit.record(rotation.admin.username, "refresh_token_reused", address=address)
            raise Unauthorized
        await self._attempts.succeed(rotation.admin.username, address)
        return self._session(rotation.admin, successor)

    async def logout(self, admin: Admin, *, address: str | None = None) -> None:
        """End every session of this admin, on all devices."""
        await self._admins.end_sessions(admin.id)
        self.forget()
        await self._audit.record(admin.username, "logout", address=address)

    async def change_password(self, admin: Admin, old: str, new: str, *, address: str | None = None) -> Session:
        """Change one's own password; every other session ends. `Forbidden` when `old` is not the password."""
        check_password(new)
        try:
            stored = await self._verified(admin.username, old, address)
        except Unauthorized:
            raise Forbidden("the old password is wrong") from None
        changed = await self._admins.change_password(
            stored.admin.id, await self._passwords.hash(new), old_hash=stored.password_hash
        )
        if changed is None:
            raise Conflict("the password has been changed meanwhile")
        self.forget()
        await self._audit.record(admin.username, "password_changed", address=address)
        return await self._begin(changed)

    async def list(self) -> tuple[Admin, ...]:
        """Every admin, oldest first."""
        return await self._admins.list()

    async def add(self, username: str, password: str, *, by: Admin, address: str | None = None) -> Admin:
        """Another admin; `Conflict` when the name is taken."""
        check_username(username)
        check_password(password)
        admin = await self._admins.create(username, await self._passwords.hash(password))
        if admin is None:
            raise Conflict("there is an admin of this name already")
        self.forget()
        await self._audit.record(by.username, "admin_added", target=username, address=address)
        return admin

    async def remove(self, by: Admin, admin_id: int, *, address: str | None = None) -> None:
        """Remove an admin, whose sessions end at once and whose keys stay. `NotFound`; `Conflict` for the last one."""
        removed = await self._admins.remove(admin_id)
        self.forget()
        await self._audit.record(by.username, "admin_removed", target=removed.username, address=address)

    async def authenticate(self, token: str) -> Admin:
        """The admin whose access token this is; `Unauthorized` once the admin is gone or has ended the sessions."""
        claims = self._tokens.read_admin(token)
        admin = await self._known.get(claims.username, lambda: self._find(claims.username))
        if admin is None or claims.issued_at < admin.sessions_from:
            raise Unauthorized
        return admin

    def forget(self) -> None:
        """Look every admin up again from now on."""
        self._known.clear()

    async def _find(self, username: str) -> Admin | None:
        stored = await self._admins.find(username)
        return stored.admin if stored else None

    def _check_setup_token(self, given: str | None) -> None:
        if self._setup_token is None:
            return
        if given is None or not hmac.compare_digest(hashed(given), hashed(self._setup_token)):
            raise Forbidden("setup needs the setup token: the value of SETUP_TOKEN on the server")

    async def _verified(self, username: str, password: str, address: str | None) -> StoredAdmin:
        """The admin, if this is the password. Takes a token of the account's limit, and gives it back unless it was wrong."""
        self._passwords.check_room()
        attempt = await self._attempts.begin(username, address)
        try:
            stored = await self._admins.find(username)
            right = await self._passwords.verify(stored.password_hash if stored else None, password)
        except (Overloaded, StorageUnavailable):
            self._attempts.give_back(attempt)
            raise
        if stored is None or not right:
            log.info("login_failed", address=address)
            if stored is not None:  # what is no username may well be a password: it is not written anywhere
                failed = self._audit.record(username, FAILED_LOGIN, address=address)
                self._background.start(failed, name="audit_login_failed")  # behind the answer, whose time tells nothing
            raise Unauthorized
        self._attempts.give_back(attempt)
        await self._attempts.succeed(username, address)
        return stored

    async def _renewed(self, stored: StoredAdmin, password: str) -> StoredAdmin:
        """The admin with the password hashed as new ones are, where it was hashed otherwise."""
        if not self._passwords.is_outdated(stored.password_hash):
            return stored
        try:
            renewed = await self._passwords.hash(password)
            await self._admins.rehash(stored.admin.id, stored.password_hash, renewed)
        except (Overloaded, StorageUnavailable) as error:  # another login will do it
            log.info("password_not_rehashed", error=type(error).__name__)
            return stored
        return StoredAdmin(stored.admin, renewed)

    async def _begin(self, stored: StoredAdmin) -> Session:
        """A session of a family of its own; `Unauthorized` when the admin or the password went while it was verified."""
        refresh_token = new_refresh_token()
        admin = await self._refresh_tokens.begin(
            stored.admin.id,
            stored.password_hash,
            family=new_family(),
            token_hash=hashed(refresh_token),
            lifetime=REFRESH_SECONDS,
        )
        if admin is None:
            raise Unauthorized
        return self._session(admin, refresh_token)

    def _session(self, admin: Admin, refresh_token: str) -> Session:
        issued_at = max(int(self._clock.now()), admin.sessions_from)
        return Session(admin, self._tokens.admin_token(admin.username, issued_at), refresh_token)
