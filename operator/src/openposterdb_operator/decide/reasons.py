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
    CDN_CONFIGURED = "CDNConfigured", "The zone has the cache rules and settings that the service needs."
    CDN_DRIFT_CORRECTED = (
        "CDNDriftCorrected",
        "Somebody changed the operator's rules or settings in the zone; they were put right, and the message says what it was.",
    )
    CLOUDFLARE_TOKEN_REFUSED = (
        "CloudflareTokenRefused",
        "Cloudflare refuses the API token: it needs Cache Rules Edit, Zone Settings Edit and Zone Read for the zone.",
    )
    CLOUDFLARE_ZONE_MISSING = "CloudflareZoneMissing", "Cloudflare knows no such zone: correct `cdn.cloudflare.zoneID`."
    CLOUDFLARE_REFUSED = "CloudflareRefused", "Cloudflare refuses a rule or setting: the message has its words."
    CLOUDFLARE_UNREACHABLE = "CloudflareUnreachable", "Cloudflare does not answer; it is asked again within a minute."
    CDN_NOT_UNDONE = (
        "CDNNotUndone",
        "What the operator made in the zone cannot be taken away yet; the annotation `openposterdb.io/abandon=true` lets go of it.",
    )
    CDN_ABANDONED = "CDNAbandoned", "The operator let go of a zone without undoing what it made there."
    KEY_READY = "KeyReady", "The service knows the key, and the Secret holds it."
    INSTANCE_MISSING = "InstanceMissing", "The OpenPosterDB that a PosterKey names does not exist, or is being deleted."
    NOT_ALLOWED = (
        "NotAllowed",
        "The OpenPosterDB is in another namespace and does not admit this one: add it to its `posterKeys.allowedNamespaces`.",
    )
    SERVICE_UNREACHABLE = "ServiceUnreachable", "The service does not answer; it is asked again soon."
    ADMIN_REFUSED = (
        "AdminRefused",
        "The service refuses the administrator of `admin.secretRef` (or of NAME-admin): put the present password into the Secret.",
    )
    SERVICE_REFUSED = "ServiceRefused", "The service refuses the key or its settings: the message has its words."
    KEY_RESTORED = (
        "KeyRestored",
        "Somebody changed the key in the service; it was put right, and the message says what it was.",
    )
    REVOCATION_PENDING = (
        "RevocationPending",
        "The key of a deleted PosterKey cannot be revoked yet; the annotation `openposterdb.io/abandon=true` lets go of it.",
    )
    KEY_ABANDONED = "KeyAbandoned", "A PosterKey was let go without revoking its key."
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
        "The operator may not do this: its RBAC is older than the operator, it does not serve the namespace, or a quota is exhausted.",
    )
