"""Which service a `PosterKey` is for, where it is, and who administers it."""

from dataclasses import dataclass

from pydantic import ValidationError

from openposterdb_operator.acting.looking import decoded
from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.routing import url
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.errors import Forbidden
from openposterdb_operator.cluster.kinds import OPEN_POSTER_DB, SECRET
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import OpenPosterDBSpec, PosterKeySpec
from openposterdb_operator.objects import Live
from openposterdb_operator.outside.service import Login


class Stuck(Exception):
    """A person has to mend something, or wait."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class InstanceGone(Stuck):
    """The service does not exist, or is being deleted: its keys go with it."""


@dataclass(frozen=True)
class Instance:
    """The service that a key is for."""

    login: Login
    public_url: str


@dataclass(frozen=True)
class Instances:
    """Finds services. `address` is where one is: `http://{name}.{namespace}.svc`."""

    cluster: Cluster
    address: str

    async def admitting(self, resource: Live, spec: PosterKeySpec, reads: set[str]) -> Instance:
        """The service that the key is for. Stuck when it cannot be told, or may not be used from the key's namespace.

        The Secrets that it depends on are put into `reads` as `namespace/name`.
        """
        return await self._find(resource, spec, reads, admission=True)

    async def revoking(self, resource: Live, spec: PosterKeySpec, reads: set[str]) -> Instance:
        """The same for a key that goes: nobody has to be admitted for that."""
        return await self._find(resource, spec, reads, admission=False)

    async def _find(self, resource: Live, spec: PosterKeySpec, reads: set[str], *, admission: bool) -> Instance:
        here = resource["metadata"]["namespace"]
        namespace, name = spec.instance_ref.namespace or here, spec.instance_ref.name
        try:
            found = await self.cluster.get(OPEN_POSTER_DB, namespace, name)
        except Forbidden as error:
            message = (
                f"the operator may not read OpenPosterDB {namespace}/{name}: it has to serve that namespace as well"
            )
            raise Stuck(Reason.FORBIDDEN, message) from error
        if found is None or found["metadata"].get("deletionTimestamp"):
            message = f"OpenPosterDB {namespace}/{name} does not exist or is being deleted"
            raise InstanceGone(Reason.INSTANCE_MISSING, message)
        try:
            service = OpenPosterDBSpec.model_validate(found["spec"])
        except ValidationError:
            message = f"the spec of OpenPosterDB {namespace}/{name} is invalid"
            raise Stuck(Reason.INSTANCE_MISSING, message) from None
        if admission and namespace != here and not {here, "*"} & set(service.poster_keys.allowed_namespaces):
            message = f"OpenPosterDB {namespace}/{name} admits no keys from {here}: add it to its posterKeys.allowedNamespaces"
            raise Stuck(Reason.NOT_ALLOWED, message)
        context = Context(name=name, namespace=namespace, uid=found["metadata"]["uid"])
        return Instance(await self._login(service, context, reads), url(service, context))

    async def _login(self, service: OpenPosterDBSpec, context: Context, reads: set[str]) -> Login:
        admin = service.admin.secret_ref.name if service.admin.secret_ref is not None else context.admin
        place = f"{context.namespace}/{admin}"
        reads.add(place)
        secret = await self.cluster.get(SECRET, context.namespace, admin)
        if secret is None:
            raise Stuck(Reason.SECRET_MISSING, f"Secret {place} with the administrator does not exist")
        members = decoded(secret)
        if not members.get("username") or not members.get("password"):
            raise Stuck(Reason.SECRET_KEY_MISSING, f"Secret {place} has no member username or password")
        address = self.address.format(name=context.name, namespace=context.namespace).rstrip("/")
        return Login(address, members["username"], members["password"])
