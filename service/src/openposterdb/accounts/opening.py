"""Everything about accounts, built once: who may administer, whose a key is, what was done and how much."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from openposterdb.accounts.admins import Admins
from openposterdb.accounts.attempts import Attempts
from openposterdb.accounts.audit import AuditTrail
from openposterdb.accounts.housekeeping import Housekeeping
from openposterdb.accounts.owners import KeySessions
from openposterdb.accounts.passwords import Passwords
from openposterdb.accounts.tokens import Tokens
from openposterdb.caching.background import BackgroundTasks
from openposterdb.clock import Clock
from openposterdb.config import Environment
from openposterdb.fleet.opening import Fleet
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import (
    AdminRepository,
    ApiKeyRepository,
    AuditRepository,
    KeyUsageRepository,
    RefreshTokenRepository,
    SecretRepository,
)

log = structlog.get_logger(__name__)

_JWT_SECRET: Final = "jwt"  # noqa: S105 - its name
_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Accounts:
    """What stands between a client and what belongs to somebody."""

    passwords: Passwords
    admins: Admins
    key_sessions: KeySessions
    audit: AuditTrail
    usage: KeyUsageRepository
    housekeeping: Housekeeping


@asynccontextmanager
async def open_accounts(
    environment: Environment,
    database: Database,
    background: BackgroundTasks,
    clock: Clock,
    fleet: Fleet | None = None,
) -> AsyncGenerator[Accounts]:
    """The accounts, swept, and with the admin whom the environment names if there was none; threads end at the end."""
    tokens = Tokens(await signing_secret(environment, SecretRepository(database)), clock)
    usage, refresh_tokens = KeyUsageRepository(database), RefreshTokenRepository(database, clock)
    audit = AuditTrail(AuditRepository(database), clock)
    passwords = Passwords()
    accounts = Accounts(
        passwords=passwords,
        admins=Admins(
            AdminRepository(database, clock),
            refresh_tokens,
            passwords,
            tokens,
            audit,
            background,
            Attempts(clock, fleet),
            clock,
            setup_token=environment.setup_token.get_secret_value() if environment.setup_token else None,
        ),
        key_sessions=KeySessions(ApiKeyRepository(database, clock), tokens, clock),
        audit=audit,
        usage=usage,
        housekeeping=Housekeeping(refresh_tokens, audit, usage, clock),
    )
    try:
        await accounts.housekeeping.sweep()
        await _seed(environment, accounts.admins)
        yield accounts
    finally:
        passwords.close()


async def signing_secret(environment: Environment, stored: SecretRepository) -> bytes:
    """JWT_SECRET, or else the secret that this instance once made for itself and keeps in its database."""
    if environment.jwt_secret is not None:
        return bytes.fromhex(environment.jwt_secret.get_secret_value())
    kept = await stored.get(_JWT_SECRET) or await stored.settle(_JWT_SECRET, secrets.token_hex(_SECRET_BYTES))
    return bytes.fromhex(kept)


async def _seed(environment: Environment, admins: Admins) -> None:
    username, password = environment.admin_username, environment.admin_password
    if username and password:
        await admins.seed(username, password.get_secret_value())
    elif username or password:
        log.warning("admin_not_seeded", reason="ADMIN_USERNAME and ADMIN_PASSWORD are used together only")
