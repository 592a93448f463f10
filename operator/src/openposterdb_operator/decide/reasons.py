"""Why a condition is as it is: every reason with what it means and what to do."""

from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    """Reason of a condition or an Event; `meaning` is its documentation."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        """A member that carries its documentation."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    AVAILABLE = "Available", "Pods take traffic."
    SCALED_TO_ZERO = "ScaledToZero", "`replicas` is 0: nothing serves."
    STARTING = "Starting", "Pods have not become ready yet."
    ROLLING_OUT = "RollingOut", "Pods of the new configuration replace those of the old one."
    SETTLED = "Settled", "All pods run the present configuration."
    ROLLOUT_STUCK = (
        "RolloutStuck",
        "New pods do not become ready: look at their Events and logs; the old ones go on serving.",
    )
    AS_EXPECTED = "AsExpected", "Nothing is wrong."
    INVALID_SPEC = (
        "InvalidSpec",
        "The spec has a form that this operator does not know: upgrade the CRDs with the operator.",
    )
    SECRET_MISSING = "SecretMissing", "A Secret that the spec names does not exist: create it, or name another."
    SECRET_KEY_MISSING = "SecretKeyMissing", "A Secret lacks a member, or it is empty: add it."
    SECRET_INVALID = "SecretInvalid", "A member of a Secret has the wrong form: the message says which form it needs."
    DATABASE_URL_INVALID = (
        "DatabaseURLInvalid",
        "The database's URL is not one of PostgreSQL: correct it in its Secret.",
    )
    MIGRATING = "Migrating", "The database is brought to the schema of the image; the rollout waits for it."
    MIGRATION_FAILED = (
        "MigrationFailed",
        "The migration Job failed and the rollout waits: read the Job's log; it is tried again every minute.",
    )
    MIGRATED = "Migrated", "The database has the schema of the image."
    REDIS_READY = "RedisReady", "The managed Redis answers."
    REDIS_STARTING = "RedisStarting", "The managed Redis is not ready; images are served without it meanwhile."
    EXTERNAL = "External", "Redis is not the operator's; the pods' readiness tells about it."
    NOT_CONFIGURED = "NotConfigured", "Nothing is asked for here."
    NOT_RECONCILED = "NotReconciled", "This release of the operator does not reconcile it yet."
    MONITORING_CRDS_MISSING = (
        "MonitoringCRDsMissing",
        "A ServiceMonitor or PrometheusRule is asked for and the Prometheus operator's CRDs are not installed: install them.",
    )
    GATEWAY_CRDS_MISSING = "GatewayCRDsMissing", "`gateway` is set and the Gateway API is not installed: install it."
    NAME_TAKEN = (
        "NameTaken",
        "An object that somebody else owns has a child's name: rename the OpenPosterDB or remove it.",
    )
    REJECTED = "Rejected", "The API server refused a child: the message says why; correct the spec."
    FORBIDDEN = (
        "Forbidden",
        "The operator may not do this: its RBAC is older than the operator, or a quota is exhausted.",
    )
