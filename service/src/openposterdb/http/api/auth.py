"""`/api/auth/…`: the first admin, logging in and out, a key owner's session."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, Field

from openposterdb.accounts.admins import Admins
from openposterdb.accounts.owners import KeySessions
from openposterdb.accounts.registry import KeyRegistry
from openposterdb.accounts.sessions import Session
from openposterdb.http.api.calls import AdminCall, Call, Reply
from openposterdb.http.api.cookies import RefreshCookie, refresh_token_of
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.trail import Trail, key_label

TAG = "Auth"
AUTH_ROUTES = ("/api/auth/setup", "/api/auth/login", "/api/auth/refresh", "/api/auth/key-login", "/api/auth/password")
"""Routes that verify a secret; they share one rate limit per address."""

_NO_MATCH = "No account matches; nothing says which part was wrong."
_BUSY = "Too many requests, or too many failed logins for this account."


class AuthStatus(BaseModel):
    """What anybody may know of this instance."""

    free_api_key_enabled: Annotated[bool, Field(description="Whether the key `t0-free-rpdb` is let in.")]
    public_pages: Annotated[bool, Field(description="Whether there are pages for visitors, `/` and `/docs`.")]
    setup_required: Annotated[bool, Field(description="Whether there is no admin yet.")]
    wall: Annotated[list[str], Field(description="Titles to show to visitors, where the free key is on.")]


class Credentials(BaseModel):
    """An admin's name and password."""

    username: Annotated[str, Field(examples=["ada"])]
    password: Annotated[str, Field(examples=["correct horse battery staple"])]


class FirstAdmin(Credentials):
    """The admin to begin with."""

    setup_token: Annotated[str | None, Field(description="The value of `SETUP_TOKEN`, where the server has one.")] = (
        None
    )


class PasswordChange(BaseModel):
    """A password and the one to replace it."""

    old_password: Annotated[str, Field(examples=["correct horse battery staple"])]
    new_password: Annotated[str, Field(examples=["a dozen wet umbrellas"])]


class RawKey(BaseModel):
    """An API key as it was created."""

    api_key: Annotated[str, Field(examples=["t3-6c1e7f0a-3f0c-4d1a-9d53-5b3f6a7e2c11"])]


class Token(BaseModel):
    """An admin's access token, for `Authorization: Bearer`; it lasts 15 minutes."""

    token: str


class KeyToken(BaseModel):
    """A key owner's token, for `Authorization: Bearer`; it lasts 24 hours."""

    key_prefix: str
    name: str
    token: str


class Done(BaseModel):
    """It is done."""

    ok: bool = True


class AuthRoutes:
    """Sessions: how they begin, go on and end."""

    def __init__(
        self,
        *,
        admins: Admins,
        key_sessions: KeySessions,
        keys: KeyRegistry,
        cookie: RefreshCookie,
        trail: Trail,
        public_pages: bool,
        wall: Sequence[str],
    ) -> None:
        self._admins = admins
        self._key_sessions = key_sessions
        self._keys = keys
        self._cookie = cookie
        self._trail = trail
        self._public_pages = public_pages
        self._wall = list(wall) if public_pages else []

    def add_to(self, api: Api) -> None:
        """Add the operations."""
        api.get("/api/auth/status", tag=TAG)(self.auth_status)
        api.post(
            "/api/auth/setup",
            tag=TAG,
            errors={403: "There is an admin already, or the setup token is missing or wrong.", 429: _BUSY},
            limited=True,
            sets_cookie=True,
            secret=True,
        )(self.setup)
        api.post(
            "/api/auth/login",
            tag=TAG,
            errors={401: _NO_MATCH, 429: _BUSY},
            limited=True,
            sets_cookie=True,
            secret=True,
        )(self.login)
        api.post(
            "/api/auth/refresh",
            tag=TAG,
            errors={401: "There is no such refresh token, or it was used before, or its time is over."},
            limited=True,
            by_cookie=True,
            sets_cookie=True,
            secret=True,
        )(self.refresh)
        api.post("/api/auth/logout", tag=TAG, sets_cookie=True)(self.logout)
        api.post(
            "/api/auth/password",
            tag=TAG,
            errors={403: "The old password is wrong.", 409: "The password was changed meanwhile.", 429: _BUSY},
            limited=True,
            sets_cookie=True,
            secret=True,
        )(self.change_password)
        api.post("/api/auth/key-login", tag=TAG, errors={401: "There is no such key."}, limited=True, secret=True)(
            self.key_login
        )

    async def auth_status(self, _call: Call) -> AuthStatus:
        """Whether setup is required, and whether the free key is on."""
        return AuthStatus(
            free_api_key_enabled=await self._keys.free_key_enabled(),
            public_pages=self._public_pages,
            setup_required=await self._admins.setup_required(),
            wall=self._wall,
        )

    async def setup(self, call: Call, body: FirstAdmin) -> Reply[Token]:
        """Create the first admin, who is logged in at once.

        The refresh token comes as a cookie, as with login.
        """
        return self._begun(
            await self._admins.setup(body.username, body.password, body.setup_token, address=call.address)
        )

    async def login(self, call: Call, body: Credentials) -> Reply[Token]:
        """Log in as an admin.

        The answer holds the access token; the refresh token comes as an `HttpOnly` cookie for `/api/auth/refresh`.
        """
        return self._begun(await self._admins.login(body.username, body.password, address=call.address))

    async def refresh(self, call: Call) -> Reply[Token]:
        """Exchange the refresh cookie for a new access token and a new cookie.

        A refresh token is good once. If a used one comes back, every session that came from the same login ends.
        """
        return self._begun(await self._admins.refresh(refresh_token_of(call.request), address=call.address))

    async def logout(self, call: AdminCall) -> Reply[Done]:
        """End every session of this admin, on all devices."""
        await self._admins.logout(call.admin, address=call.address)
        return Reply(Done(), [self._cookie.cleared()])

    async def change_password(self, call: AdminCall, body: PasswordChange) -> Reply[Token]:
        """Change one's own password.

        Every other session ends; this one goes on with the token and the cookie of the answer.
        """
        session = await self._admins.change_password(
            call.admin, body.old_password, body.new_password, address=call.address
        )
        return self._begun(session)

    async def key_login(self, call: Call, body: RawKey) -> KeyToken:
        """Log in with an API key, to see to the settings of that key.

        The free key has no session.
        """
        session = await self._key_sessions.login(body.api_key)
        label = key_label(session.key)
        await self._trail.note_by(label, call, "key_login", target=label)
        return KeyToken(key_prefix=session.key.key_prefix, name=session.key.name, token=session.token)

    def _begun(self, session: Session) -> Reply[Token]:
        return Reply(Token(token=session.token), [self._cookie.holding(session.refresh_token)])
