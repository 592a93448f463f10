"""From a `PosterKey` to a key in the service and its Secret.

The Secret comes first: it holds the key before the service knows it, and the service is told it as often as it takes. So no
crash leaves two keys, and a service whose database was lost or restored gets the same keys again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from pydantic import ValidationError

from openposterdb_operator.acting import finalizers
from openposterdb_operator.acting.looking import decoded
from openposterdb_operator.acting.queue import Key
from openposterdb_operator.acting.reconcile import RECHECK, Outcome, readable
from openposterdb_operator.acting.telling import Teller
from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.posterkey import (
    build_key_secret,
    display_name,
    is_key,
    make_key,
    prefix_of,
    secret_name,
)
from openposterdb_operator.builders.routing import url
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.errors import Forbidden
from openposterdb_operator.cluster.errors import Refused as RefusedByCluster
from openposterdb_operator.cluster.kinds import OPEN_POSTER_DB, POSTER_KEY, SECRET
from openposterdb_operator.decide.children import has_drifted, is_owned
from openposterdb_operator.decide.conditions import Finding, Happening
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import OpenPosterDBSpec, PosterKeySpec
from openposterdb_operator.model.status import PosterKeyStatus
from openposterdb_operator.objects import Live, mapping
from openposterdb_operator.outside.asking import Missing, NotAdmitted, OutsideError, Refused, Unreachable
from openposterdb_operator.outside.service import Login, ServiceKey, Services

_log = structlog.get_logger(__name__)

AGAIN: Final = 10.0
"""Seconds after which a service that did not answer is asked again."""


class _Stuck(Exception):
    """A person has to mend something, or wait."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class _Instance:
    """The service that a key is for."""

    login: Login
    public_url: str


class KeyReconciler:
    """Reconciles one `PosterKey` at a time. `address` is where a service is: `http://{name}.{namespace}.svc`."""

    def __init__(
        self,
        cluster: Cluster,
        services: Services,
        *,
        address: str,
        every: float,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._cluster = cluster
        self._services = services
        self._address = address
        self._every = every
        self._teller = Teller(cluster, now, POSTER_KEY)

    async def reconcile(self, where: Key) -> Outcome:
        """Bring the key to where the spec wants it. ClusterError when the API server did not let it be finished."""
        resource = await self._cluster.get(POSTER_KEY, where.namespace, where.name)
        if resource is None:
            return Outcome(again_in=None, word="gone")
        try:
            spec = PosterKeySpec.model_validate(resource["spec"])
        except ValidationError as error:
            finding = Finding("Ready", "Unknown", Reason.INVALID_SPEC, readable(error))
            await self._teller.tell(resource, [finding], {})
            return Outcome(word="invalid")
        if resource["metadata"].get("deletionTimestamp"):
            return await self._end(resource, spec)
        reads = {f"{where.namespace}/{secret_name(where.name, spec)}"}
        try:
            await finalizers.hold(self._cluster, POSTER_KEY, resource, finalizers.KEY)
            instance = await self._instance(resource, spec, reads)
            message = await self._declare(resource, spec, instance)
        except (_Stuck, OutsideError) as error:
            reason = error.reason if isinstance(error, _Stuck) else _reason(error)
            _log.warning("key_not_ready", namespace=where.namespace, name=where.name, reason=str(reason))
            await self._teller.tell(resource, [Finding("Ready", "False", reason, str(error))], {})
            return Outcome(AGAIN if isinstance(error, Unreachable) else RECHECK, frozenset(reads), "problem")
        reason = Reason.KEY_RESTORED if message else Reason.KEY_READY
        await self._teller.tell(resource, [Finding("Ready", "True", reason, message)], {})
        return Outcome(self._every, frozenset(reads))

    async def _instance(self, resource: Live, spec: PosterKeySpec, reads: set[str]) -> _Instance:
        """Where the service is and who administers it; _Stuck when it cannot be told, or may not be used from here."""
        here = resource["metadata"]["namespace"]
        namespace, name = spec.instance_ref.namespace or here, spec.instance_ref.name
        found = await self._cluster.get(OPEN_POSTER_DB, namespace, name)
        if found is None or found["metadata"].get("deletionTimestamp"):
            raise _Stuck(Reason.INSTANCE_MISSING, f"OpenPosterDB {namespace}/{name} does not exist or is being deleted")
        try:
            service = OpenPosterDBSpec.model_validate(found["spec"])
        except ValidationError:
            raise _Stuck(Reason.INSTANCE_MISSING, f"the spec of OpenPosterDB {namespace}/{name} is invalid") from None
        if namespace != here and not {here, "*"} & set(service.poster_keys.allowed_namespaces):
            message = f"OpenPosterDB {namespace}/{name} admits no keys from {here}: add it to its posterKeys.allowedNamespaces"
            raise _Stuck(Reason.NOT_ALLOWED, message)
        context = Context(name=name, namespace=namespace, uid=found["metadata"]["uid"])
        admin = service.admin.secret_ref.name if service.admin.secret_ref is not None else context.admin
        reads.add(f"{namespace}/{admin}")
        secret = await self._cluster.get(SECRET, namespace, admin)
        if secret is None:
            raise _Stuck(Reason.SECRET_MISSING, f"Secret {namespace}/{admin} with the administrator does not exist")
        members = decoded(secret)
        if not members.get("username") or not members.get("password"):
            raise _Stuck(Reason.SECRET_KEY_MISSING, f"Secret {namespace}/{admin} has no member username or password")
        address = self._address.format(name=name, namespace=namespace).rstrip("/")
        return _Instance(Login(address, members["username"], members["password"]), url(service, context))

    async def _declare(self, resource: Live, spec: PosterKeySpec, instance: _Instance) -> str:
        """Have the key in the Secret and in the service, with its name and settings; what somebody had changed of it."""
        metadata, login = resource["metadata"], instance.login
        status = PosterKeyStatus.model_validate(mapping(resource, "status"))
        name = display_name(metadata["namespace"], metadata["name"], spec)
        keys = await self._services.keys(login)
        secret, key = await self._held(resource, spec, status)
        if key is None:
            for old in _of(status, keys, name):
                await self._services.revoke(login, old)
            key = make_key()
            await self._note(resource, {"prefix": prefix_of(key), "keyID": None})
            status = status.model_copy(update={"key_id": None})
        manifest = build_key_secret(metadata, spec, key, instance.public_url)
        if has_drifted(manifest, secret):
            await self._write(manifest)
        known = next((each for each in keys if each.id == status.key_id and each.prefix == prefix_of(key)), None)
        changes: list[str] = []
        if known is None:
            known = await self._bring(resource, status, login, key, name)
            changes = ["the service did not know the key"] if known.id != status.key_id and status.key_id else []
        if known.name != name or known.expires:
            await self._services.rename(login, known.id, name)
            changes += [f"its name was {known.name}"] if known.name != name else ["it was to expire"]
        changes += await self._settle(resource, spec, status, login, known.id)
        await self._forget_old_secret(resource, spec, status)
        facts = {
            "prefix": prefix_of(key),
            "keyID": known.id,
            "secretName": manifest["metadata"]["name"],
            "settingsDeclared": bool(_declared(spec)),
        }
        seen = mapping(resource, "status")
        if any(seen.get(fact) != value for fact, value in facts.items()):
            await self._note(resource, facts)
        same = seen.get("observedGeneration") == metadata["generation"]
        return "; ".join(changes) if same else ""

    async def _held(
        self, resource: Live, spec: PosterKeySpec, status: PosterKeyStatus
    ) -> tuple[Live | None, str | None]:
        """The Secret of the wanted name, and the key that it holds or that one of the former name does."""
        metadata = resource["metadata"]
        wanted = secret_name(metadata["name"], spec)
        secret: Live | None = None
        for name in dict.fromkeys((wanted, status.secret_name or wanted)):
            found = await self._cluster.get(SECRET, metadata["namespace"], name)
            owned = found is not None and is_owned(found, metadata["uid"])
            if name == wanted:
                if found is not None and not owned:
                    message = f"Secret {metadata['namespace']}/{name} exists and is not this PosterKey's: choose another secretName"
                    raise _Stuck(Reason.NAME_TAKEN, message)
                secret = found
            if found is not None and owned and is_key(decoded(found).get("key", "")):
                return secret, decoded(found)["key"]
        return secret, None

    async def _bring(self, resource: Live, status: PosterKeyStatus, login: Login, key: str, name: str) -> ServiceKey:
        """Tell the service the key; one that it replaces is revoked."""
        known = await self._services.bring(login, key, name)
        if status.key_id is not None and status.key_id != known.id and status.prefix != prefix_of(key):
            await self._services.revoke(login, status.key_id)
        await self._note(resource, {"prefix": prefix_of(key), "keyID": known.id})
        return known

    async def _settle(
        self, resource: Live, spec: PosterKeySpec, status: PosterKeyStatus, login: Login, key_id: int
    ) -> list[str]:
        """The key's settings as declared: the global ones, but for the members that are set."""
        declared = _declared(spec)
        if not declared:
            if status.settings_declared:
                await self._services.reset_settings(login, key_id)
            return []
        if not status.settings_declared:
            await self._note(resource, {"settingsDeclared": True})
        now = await self._services.settings(login, key_id)
        everybody = await self._services.global_settings(login)
        wanted = {**{name: everybody[name] for name in now.members if name in everybody}, **declared}
        wrong = {name: value for name, value in wanted.items() if now.members.get(name) != value}
        if wrong:
            await self._services.save_settings(login, key_id, wrong)
        drifted = [name for name in wrong if name in declared] if status.settings_declared else []
        return [f"{name} was {now.members.get(name)}" for name in drifted]

    async def _end(self, resource: Live, spec: PosterKeySpec) -> Outcome:
        """Revoke the key of a deleted resource and let it go. It never waits for a service that is gone or going."""
        if not finalizers.holds(resource, finalizers.KEY):
            return Outcome(again_in=None, word="gone")
        metadata = resource["metadata"]
        status = PosterKeyStatus.model_validate(mapping(resource, "status"))
        if finalizers.is_abandoned(resource):
            meaning = Reason.KEY_ABANDONED.meaning
            await self._teller.emit(resource, Happening("Warning", str(Reason.KEY_ABANDONED), meaning))
        reads: set[str] = set()
        if not finalizers.is_abandoned(resource) and (status.key_id is not None or status.prefix):
            try:
                instance = await self._instance(resource, spec, reads)
                keys = await self._services.keys(instance.login)
                name = display_name(metadata["namespace"], metadata["name"], spec)
                for key_id in _of(status, keys, name):
                    await self._services.revoke(instance.login, key_id)
            except (_Stuck, OutsideError) as error:
                if not (isinstance(error, _Stuck) and error.reason is Reason.INSTANCE_MISSING):
                    message = f"{error}; mend it, or let go with the annotation {finalizers.ABANDON}=true"
                    await self._teller.tell(
                        resource, [Finding("Ready", "False", Reason.REVOCATION_PENDING, message)], {}
                    )
                    return Outcome(AGAIN, frozenset(reads), "problem")
                _log.info("key_gone_with_its_service", namespace=metadata["namespace"], name=metadata["name"])
        await finalizers.let_go(self._cluster, POSTER_KEY, resource, finalizers.KEY)
        return Outcome(again_in=None, word="gone")

    async def _write(self, manifest: dict[str, Any]) -> None:
        try:
            await self._cluster.apply(manifest)
        except RefusedByCluster as error:
            raise _Stuck(Reason.REJECTED, f"Secret {manifest['metadata']['name']}: {error}") from error
        except Forbidden as error:
            raise _Stuck(Reason.FORBIDDEN, f"Secret {manifest['metadata']['name']}: {error}") from error

    async def _forget_old_secret(self, resource: Live, spec: PosterKeySpec, status: PosterKeyStatus) -> None:
        metadata = resource["metadata"]
        if status.secret_name in ("", secret_name(metadata["name"], spec)):
            return
        old = await self._cluster.get(SECRET, metadata["namespace"], status.secret_name)
        if old is not None and is_owned(old, metadata["uid"]):
            await self._cluster.delete(SECRET, metadata["namespace"], status.secret_name)

    async def _note(self, resource: Live, facts: dict[str, Any]) -> None:
        metadata = resource["metadata"]
        await self._cluster.merge_status(POSTER_KEY, metadata["namespace"], metadata["name"], facts)


def _declared(spec: PosterKeySpec) -> dict[str, Any]:
    """The declared settings in the names of the management API."""
    members = spec.settings.members() if spec.settings is not None else {}
    return {"maxBytes" if name == "max_bytes" else name: value for name, value in members.items()}


def _of(status: PosterKeyStatus, keys: Iterable[ServiceKey], name: str) -> list[int]:
    """Keys of the service that are known to be of this resource."""
    if status.key_id is not None:
        return [each.id for each in keys if each.id == status.key_id and each.prefix == status.prefix]
    return [each.id for each in keys if status.prefix and (each.prefix, each.name) == (status.prefix, name)]


def _reason(error: OutsideError) -> Reason:
    if isinstance(error, NotAdmitted):
        return Reason.ADMIN_REFUSED
    return Reason.SERVICE_REFUSED if isinstance(error, Refused | Missing) else Reason.SERVICE_UNREACHABLE
