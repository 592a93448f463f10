"""Which Secrets an `OpenPosterDB` reads, and which members they must have."""

from collections.abc import Mapping
from dataclasses import dataclass

from openposterdb_operator.builders.context import Context
from openposterdb_operator.model import OpenPosterDBSpec


@dataclass(frozen=True)
class Wanted:
    """Members that a Secret must have: all of `keys`, and one of `any_of` unless that is empty.

    `field` is where the spec names the Secret; `generated` Secrets are the operator's own.
    """

    field: str
    keys: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    generated: bool = False


def referenced_secrets(spec: OpenPosterDBSpec, context: Context) -> Mapping[str, tuple[Wanted, ...]]:
    """Every Secret that the pods read, by name."""
    found: dict[str, list[Wanted]] = {}

    def want(name: str, wanted: Wanted) -> None:
        found.setdefault(name, []).append(wanted)

    want(
        spec.upstreams.secret_ref.name,
        Wanted("upstreams.secretRef", ("TMDB_API_KEY",), ("MDBLIST_API_KEY", "OMDB_API_KEY")),
    )
    admin = spec.admin.secret_ref
    want(
        admin.name if admin else context.admin,
        Wanted("admin.secretRef", ("username", "password"), generated=admin is None),
    )
    signing = spec.auth.jwt_secret_ref
    want(
        signing.name if signing else context.auth,
        Wanted("auth.jwtSecretRef", (signing.key if signing else "jwt-secret",), generated=signing is None),
    )
    if spec.redis.external is not None:
        redis = spec.redis.external.url_secret_ref
        want(redis.name, Wanted("redis.external.urlSecretRef", (redis.key,)))
    else:
        want(context.redis, Wanted("redis.managed", ("password", "url", "auth.conf"), generated=True))
    database = spec.database.url_secret_ref
    if spec.database.type == "postgresql" and database is not None:
        want(database.name, Wanted("database.urlSecretRef", (database.key,)))
    store = spec.image_store.s3 if spec.image_store.type == "s3" else None
    if store is not None and store.secret_ref is not None:
        keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        want(store.secret_ref.name, Wanted("imageStore.s3.secretRef", keys))
    return {name: tuple(wanted) for name, wanted in found.items()}
