"""Secrets that the operator generates: written once, and never overwritten."""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.builders.metadata import KEEP, Component, child
from openposterdb_operator.model import GROUP, OpenPosterDBSpec
from openposterdb_operator.objects import Live
from openposterdb_operator.objects import annotations as annotations_of

ROTATE: Final = f"{GROUP}/rotate-auth"
"""Annotation of the `OpenPosterDB`: another value asks for another signing key."""
ROTATED_FOR: Final = f"{GROUP}/rotated-for"
"""Annotation of the generated Secret: the value that its signing key was made for."""

Token = Callable[[int], str]
"""Makes so many random bytes, as hexadecimal digits."""


def random_token(length: int) -> str:
    """From the system's source of randomness."""
    return secrets.token_hex(length)


def missing_secrets(
    spec: OpenPosterDBSpec,
    context: Context,
    existing: Mapping[str, Live],
    *,
    rotate: str = "",
    token: Token = random_token,
) -> list[Manifest]:
    """Generated Secrets that are wanted and not there, or, of the signing key, made for another rotation.

    `existing` holds the Secrets of the namespace that the spec reads, by name.
    """
    builders: dict[str, Callable[[], Manifest]] = {}
    if spec.admin.secret_ref is None:
        builders[context.admin] = lambda: build_admin_secret(context, token)
    if spec.managed_redis is not None:
        builders[context.redis] = lambda: build_redis_secret(context, token)
    made = [build() for name, build in builders.items() if name not in existing]
    if spec.auth.jwt_secret_ref is None and _needs_signing_key(existing.get(context.auth), rotate):
        made.append(build_auth_secret(context, token, rotate))
    return made


def build_admin_secret(context: Context, token: Token) -> Manifest:
    """The first administrator; kept when the spec names another Secret, for the service has seeded this one."""
    return _secret(
        context, context.admin, "server", {"username": "admin", "password": token(16)}, annotations={KEEP: "true"}
    )


def build_auth_secret(context: Context, token: Token, rotate: str) -> Manifest:
    """The signing key of sessions."""
    return _secret(context, context.auth, "server", {"jwt-secret": token(32)}, annotations={ROTATED_FOR: rotate})


def build_redis_secret(context: Context, token: Token) -> Manifest:
    """Redis's password, as Redis and as the service read it."""
    password = token(24)
    host = f"{context.redis}.{context.namespace}.svc"
    data = {
        "password": password,
        "url": f"redis://:{password}@{host}:6379/0",
        "auth.conf": f"requirepass {password}\n",
    }
    return _secret(context, context.redis, "redis", data)


def _needs_signing_key(existing: Live | None, rotate: str) -> bool:
    if existing is None:
        return True
    return annotations_of(existing).get(ROTATED_FOR, "") != rotate


def _secret(
    context: Context,
    name: str,
    component: Component,
    data: Mapping[str, str],
    *,
    annotations: Mapping[str, str] | None = None,
) -> Manifest:
    manifest = child(context, "v1", "Secret", name, component, annotations=annotations, type="Opaque")
    manifest["stringData"] = dict(data)  # after the checksum: that of a secret would be one more place to guess it from
    return manifest
