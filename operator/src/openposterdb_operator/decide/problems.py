"""Mistakes in what the spec refers to."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.references import Wanted, referenced_secrets
from openposterdb_operator.decide.observation import Problem
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import OpenPosterDBSpec

_POSTGRESQL_URL: Final = re.compile(r"postgres(ql)?(\+[a-z0-9]+)?://[^/\s]+/[^/\s]+")
_REDIS_URL: Final = re.compile(r"(rediss?(\+sentinel)?|unix)://\S+")
_SIGNING_KEY: Final = re.compile(r"[0-9A-Fa-f]{64}")


def find_problems(
    spec: OpenPosterDBSpec, context: Context, secrets: Mapping[str, Mapping[str, str]]
) -> tuple[Problem, ...]:
    """Everything that is wrong, in the order of the spec."""
    return (*_secret_problems(spec, context, secrets), *_cluster_problems(spec, context))


def _secret_problems(
    spec: OpenPosterDBSpec, context: Context, secrets: Mapping[str, Mapping[str, str]]
) -> Iterator[Problem]:
    for name, uses in referenced_secrets(spec, context).items():
        for wanted in uses:
            place = f"Secret {context.namespace}/{name} ({wanted.field})"
            condition = _CONDITIONS.get(wanted.field)
            if name not in secrets:
                yield Problem(Reason.SECRET_MISSING, f"{place} does not exist", condition=condition)
            else:
                yield from _member_problems(place, wanted, secrets[name], condition)


_CONDITIONS: Final = {
    "database.urlSecretRef": "DatabaseReady",
    "redis.external.urlSecretRef": "RedisReady",
    "redis.managed": "RedisReady",
}


def _member_problems(
    place: str, wanted: Wanted, members: Mapping[str, str], condition: str | None
) -> Iterator[Problem]:
    for key in wanted.keys:
        if not members.get(key):
            yield Problem(
                Reason.SECRET_KEY_MISSING, f"{place} has no member {key}, or it is empty", condition=condition
            )
    if wanted.any_of and not any(members.get(key) for key in wanted.any_of):
        choice = " or ".join(wanted.any_of)
        yield Problem(Reason.SECRET_KEY_MISSING, f"{place} needs {choice}: without one there are hardly any ratings")
    if not wanted.keys or not members.get(wanted.keys[0]):
        return
    value = members[wanted.keys[0]].strip()
    if wanted.field == "database.urlSecretRef" and not _POSTGRESQL_URL.fullmatch(value):
        message = f"{place}: {wanted.keys[0]} must look like postgresql://user:password@host:5432/name"
        yield Problem(Reason.DATABASE_URL_INVALID, message, condition=condition)
    if wanted.field == "redis.external.urlSecretRef" and not _REDIS_URL.fullmatch(value):
        message = f"{place}: {wanted.keys[0]} must look like redis://:password@host:6379/0"
        yield Problem(Reason.SECRET_INVALID, message, condition=condition)
    if wanted.field == "auth.jwtSecretRef" and not _SIGNING_KEY.fullmatch(value):
        yield Problem(Reason.SECRET_INVALID, f"{place}: {wanted.keys[0]} must be 64 hexadecimal digits")


def _cluster_problems(spec: OpenPosterDBSpec, context: Context) -> Iterator[Problem]:
    wanted = {
        "ServiceMonitor": spec.monitoring.service_monitor.enabled,
        "PrometheusRule": spec.monitoring.prometheus_rule.enabled,
    }
    missing = [kind for kind, asked in wanted.items() if asked and kind not in context.offered]
    if missing:
        message = f"the cluster knows no {' and no '.join(missing)}: install the CRDs of the Prometheus operator"
        yield Problem(Reason.MONITORING_CRDS_MISSING, message, blocking=False)
    if spec.gateway is not None and "HTTPRoute" not in context.offered:
        message = "the cluster knows no HTTPRoute: install the CRDs of the Gateway API"
        yield Problem(Reason.GATEWAY_CRDS_MISSING, message, blocking=False)
