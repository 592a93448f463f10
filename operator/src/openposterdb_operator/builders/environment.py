"""The environment of the service's containers."""

import json
from collections.abc import Mapping
from math import ceil
from typing import Any, Final

from openposterdb_operator.builders.context import Context
from openposterdb_operator.model import OpenPosterDBSpec
from openposterdb_operator.model.backends import ImageStore
from openposterdb_operator.model.workload import Resources
from openposterdb_operator.quantities import MEBIBYTE, parse

HTTP_PORT: Final = 3000
METRICS_PORT: Final = 9090
DATABASE_FOLDER: Final = "/data/db"
IMAGES_FOLDER: Final = "/data/images"

EnvVars = list[dict[str, Any]]


def build_environment(spec: OpenPosterDBSpec, context: Context) -> EnvVars:
    """Every variable of the server's container, each once."""
    plain: dict[str, str | None] = {
        "LISTEN_ADDR": f"0.0.0.0:{HTTP_PORT}",
        "METRICS_ADDR": f"0.0.0.0:{METRICS_PORT}",
        "CACHE_DIR": IMAGES_FOLDER,
        "IMAGE_STORE_URL": _store_url(spec.image_store),
        "EXTERNAL_CACHE_ONLY": _switch(spec.cdn.external_cache_only or spec.image_store.type == "none"),
        "ENABLE_CDN_REDIRECTS": _switch(spec.cdn.redirects),
        "IMAGE_QUALITY": str(spec.render.quality),
        "CACHE_MAX_MB": _text(_store_mb(spec.image_store)),
        "IMAGE_MEM_CACHE_MB": _text(memory_cache_mb(spec)),
        "IMAGE_STALE_SECS": str(spec.art.stale_seconds),
        "RENDER_CONCURRENCY": _text(render_concurrency(spec)),
        "RENDER_MEMORY_MB": _text(render_memory_mb(spec)),
        "RATINGS_STALE_SECS": str(spec.ratings.stale_seconds),
        "RATINGS_MAX_AGE_SECS": str(spec.ratings.max_age_seconds),
        "FREE_KEY_ENABLED": _switch(spec.free_key.enabled),
        "COOKIE_SECURE": _switch(spec.https),
        "RENDER_SETTINGS": _declared(spec),
        "TMDB_API_BASE_URL": spec.upstreams.base_urls.tmdb,
        "TMDB_IMAGE_BASE_URL": spec.upstreams.base_urls.tmdb_images,
        "FANART_API_BASE_URL": spec.upstreams.base_urls.fanart,
        "FANART_IMAGE_BASE_URL": spec.upstreams.base_urls.fanart_images,
        "MDBLIST_API_BASE_URL": spec.upstreams.base_urls.mdblist,
        "OMDB_API_BASE_URL": spec.upstreams.base_urls.omdb,
        "TMDB_QUOTA": spec.upstreams.quotas.tmdb,
        "FANART_QUOTA": spec.upstreams.quotas.fanart,
        "MDBLIST_QUOTA": spec.upstreams.quotas.mdblist,
        "OMDB_QUOTA": spec.upstreams.quotas.omdb,
        "OTEL_EXPORTER_OTLP_ENDPOINT": spec.monitoring.traces.endpoint,
        **_serving(spec),
    }
    return [
        *build_database_environment(spec),
        *_plain(plain),
        *_secrets(spec, context),
        *_store_credentials(spec.image_store),
        *(variable.model_dump(by_alias=True, exclude_none=True) for variable in spec.extra_env),
    ]


def build_database_environment(spec: OpenPosterDBSpec) -> EnvVars:
    """What `openposterdb migrate` reads, and the server as well."""
    reference = spec.database.url_secret_ref
    if spec.database.type == "postgresql" and reference is not None:
        place = [from_secret("DATABASE_URL", reference.name, reference.key)]
        return [*place, *_plain({"DB_DIR": "/tmp/db", "LOG_FORMAT": "json"})]  # noqa: S108 - the pod's own
    return _plain({"DB_DIR": DATABASE_FOLDER, "LOG_FORMAT": "json"})


def from_secret(name: str, secret: str, key: str, *, optional: bool = False) -> dict[str, Any]:
    """A variable whose value is a Secret's member."""
    reference: dict[str, Any] = {"name": secret, "key": key}
    if optional:
        reference["optional"] = True
    return {"name": name, "valueFrom": {"secretKeyRef": reference}}


def memory_cache_mb(spec: OpenPosterDBSpec) -> int | None:
    """As asked for, else a quarter of the memory limit; None where there is neither."""
    if spec.render.memory_cache_mb is not None:
        return spec.render.memory_cache_mb
    limit = _limit(spec.resources, "memory")
    return None if limit is None else int(parse(limit) / 4 / MEBIBYTE)


def render_memory_mb(spec: OpenPosterDBSpec) -> int | None:
    """As asked for, else three eighths of the memory limit: beside the cache, enough is left for the process itself."""
    if spec.render.memory_mb is not None:
        return spec.render.memory_mb
    limit = _limit(spec.resources, "memory")
    return None if limit is None else max(64, int(parse(limit) * 3 / 8 / MEBIBYTE))


def render_concurrency(spec: OpenPosterDBSpec) -> int | None:
    """As asked for, else twice the CPU limit; None where there is neither."""
    if spec.render.concurrency is not None:
        return spec.render.concurrency
    limit = _limit(spec.resources, "cpu")
    return None if limit is None else min(1024, max(1, ceil(2 * parse(limit))))


def _limit(resources: Resources, name: str) -> str | None:
    return resources.limits.get(name)


def _serving(spec: OpenPosterDBSpec) -> dict[str, str | None]:
    limits = spec.http.rate_limits
    return {
        "TRUSTED_PROXIES": ",".join(spec.http.trusted_proxies) or None,
        "REQUEST_DEADLINE_SECS": str(spec.http.deadline_seconds),
        "IMAGE_RATE_LIMIT": limits.images,
        "CDN_RATE_LIMIT": limits.cdn,
        "IS_VALID_RATE_LIMIT": limits.keys,
        "AUTH_RATE_LIMIT": limits.logins,
        "CORS_ORIGIN": spec.http.cors_origin,
        "PUBLIC_PAGES": _switch(spec.web.public_pages),
        "WALL_TITLES": ",".join(spec.web.wall_titles) or None,
        "LOG_LEVEL": spec.logs.level,
        "ACCESS_LOG": spec.logs.access,
    }


def _secrets(spec: OpenPosterDBSpec, context: Context) -> EnvVars:
    upstreams = spec.upstreams.secret_ref.name
    admin = spec.admin.secret_ref.name if spec.admin.secret_ref else context.admin
    signing = spec.auth.jwt_secret_ref
    redis = spec.redis.external.url_secret_ref if spec.redis.external else None
    return [
        from_secret("TMDB_API_KEY", upstreams, "TMDB_API_KEY"),
        *(
            from_secret(name, upstreams, name, optional=True)
            for name in ("MDBLIST_API_KEY", "OMDB_API_KEY", "FANART_API_KEY")
        ),
        from_secret("ADMIN_USERNAME", admin, "username"),
        from_secret("ADMIN_PASSWORD", admin, "password"),
        from_secret("JWT_SECRET", signing.name if signing else context.auth, signing.key if signing else "jwt-secret"),
        from_secret("REDIS_URL", redis.name if redis else context.redis, redis.key if redis else "url"),
    ]


def _store_url(store: ImageStore) -> str | None:
    if store.type != "s3" or store.s3 is None:
        return None
    return f"s3://{store.s3.bucket}/{store.s3.prefix.strip('/')}".rstrip("/")


def _store_mb(store: ImageStore) -> int | None:
    if store.type != "filesystem":
        return None
    return store.filesystem.max_mb or max(16, int(parse(store.filesystem.size) * 9 / 10 / MEBIBYTE))


def _store_credentials(store: ImageStore) -> EnvVars:
    if store.type != "s3" or store.s3 is None:
        return []
    place = _plain({"AWS_REGION": store.s3.region, "AWS_ENDPOINT_URL": store.s3.endpoint})
    if store.s3.secret_ref is None:
        return place
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    return [*place, *(from_secret(name, store.s3.secret_ref.name, name) for name in names)]


def _declared(spec: OpenPosterDBSpec) -> str | None:
    return json.dumps(spec.defaults.members(), sort_keys=True) if spec.defaults is not None else None


def _plain(variables: Mapping[str, str | None]) -> EnvVars:
    return [{"name": name, "value": value} for name, value in variables.items() if value is not None]


def _switch(on: bool) -> str:
    return "true" if on else "false"


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
