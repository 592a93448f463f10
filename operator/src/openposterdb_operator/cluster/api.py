"""The requests that the operator makes: server-side apply, and little else."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Final, cast

import httpx2
from lightkube import AsyncClient
from lightkube.core.exceptions import ApiError
from lightkube.generic_resource import (
    GenericNamespacedResource,
    create_namespaced_resource,  # pyright: ignore[reportUnknownVariableType]
)
from lightkube.types import CascadeType, PatchType

from openposterdb_operator.builders.metadata import MANAGER
from openposterdb_operator.cluster.errors import ClusterError, Conflict, Forbidden, Refused, Unavailable
from openposterdb_operator.cluster.kinds import BY_NAME, Kind
from openposterdb_operator.objects import Live

_DEADLINE_SECONDS: Final = 15.0
_HAND_OVER: Final = f"{MANAGER}-hand-over"


class Cluster:
    """A thin client for manifests. Every request has a deadline; every error is a `ClusterError`."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    @classmethod
    @asynccontextmanager
    async def connect(cls) -> AsyncGenerator["Cluster"]:
        """The cluster that this pod is in, or that KUBECONFIG names."""
        async with AsyncClient(field_manager=MANAGER, timeout=httpx2.Timeout(_DEADLINE_SECONDS)) as client:
            yield cls(client)

    async def get(self, kind: Kind, namespace: str, name: str) -> Live | None:
        """The object; None when there is none, or no such kind."""
        try:
            async with _translated():
                return _plain(await self._client.get(_resource(kind), name, namespace=namespace))
        except _NotFound:
            return None

    async def list(self, kind: Kind, namespace: str, labels: Mapping[str, str]) -> list[Live] | None:
        """Objects with these labels; None when the cluster does not know the kind."""
        try:
            async with _translated():
                found = self._client.list(  # pyright: ignore[reportUnknownMemberType]
                    _resource(kind), namespace=namespace, labels=cast("Any", dict(labels))
                )
                return [{**_identity(kind), **_plain(each)} async for each in found]
        except _NotFound:
            return None

    async def apply(self, manifest: Mapping[str, Any]) -> Live:
        """Server-side apply; what this operator applied before and no longer names goes away."""
        return await self._apply(manifest, MANAGER)

    async def hand_over_replicas(self, deployment: Live, replicas: int) -> None:
        """Leave `spec.replicas` as it is when the operator stops naming it: somebody else names it from now on."""
        metadata = deployment["metadata"]
        manifest = {
            **_identity(BY_NAME["Deployment"]),
            "metadata": {"name": metadata["name"], "namespace": metadata["namespace"]},
            "spec": {"replicas": replicas},
        }
        await self._apply(manifest, _HAND_OVER)

    async def create(self, manifest: Mapping[str, Any]) -> bool:
        """Create the object; False when one of that name exists, which stays as it is."""
        try:
            async with _translated():
                await self._client.create(_object(manifest))
        except Conflict:
            return False
        return True

    async def replace(self, manifest: Mapping[str, Any]) -> Live:
        """Put the object in the place of the version that it names; Conflict when that is not the present one."""
        async with _translated():
            return _plain(await self._client.replace(_object(manifest)))

    async def delete(self, kind: Kind, namespace: str, name: str) -> None:
        """Delete the object, its dependents after it; nothing happens when there is none."""
        try:
            async with _translated():
                await self._client.delete(_resource(kind), name, namespace=namespace, cascade=CascadeType.BACKGROUND)
        except _NotFound:
            return

    async def merge(self, kind: Kind, namespace: str, name: str, patch: Mapping[str, Any]) -> None:
        """Merge `patch` into the object, null removing a member; nothing happens when the object has gone."""
        await self._merge(_resource(kind), namespace, name, patch)

    async def merge_status(self, kind: Kind, namespace: str, name: str, status: Mapping[str, Any]) -> None:
        """Merge into the object's status; nothing happens when the object has gone."""
        await self._merge(_resource(kind).Status, namespace, name, {"status": dict(status)})

    async def _merge(self, resource: Any, namespace: str, name: str, patch: Mapping[str, Any]) -> None:
        try:
            async with _translated():
                await self._client.patch(  # pyright: ignore[reportUnknownMemberType]
                    resource, name, dict(patch), namespace=namespace, patch_type=PatchType.MERGE
                )
        except _NotFound:
            return

    async def _apply(self, manifest: Mapping[str, Any], manager: str) -> Live:
        async with _translated():
            return _plain(await self._client.apply(_object(manifest), field_manager=manager, force=True))


class _NotFound(ClusterError):
    """No such object, or no such kind."""


@asynccontextmanager
async def _translated() -> AsyncGenerator[None]:
    try:
        yield
    except httpx2.HTTPStatusError as error:
        raise _named(error) from error
    except httpx2.HTTPError as error:
        raise Unavailable(f"the API server does not answer: {type(error).__name__}") from error


def _named(error: httpx2.HTTPStatusError) -> ClusterError:
    message = str(error.status.message) if isinstance(error, ApiError) else str(error)
    match error.response.status_code:
        case 404:
            return _NotFound(message)
        case 409:
            return Conflict(message)
        case 400 | 413 | 422:
            return Refused(message)
        case 401 | 403:
            return Forbidden(message)
        # An unknown field of an applied object is an internal error to the API server
        case 500 if "typed patch object" in message:
            return Refused(message)
        case _:
            return Unavailable(message)


@cache  # a second class for the same kind of the core group would be refused
def _resource(kind: Kind) -> type[GenericNamespacedResource]:
    return create_namespaced_resource(kind.group, kind.version, kind.kind, kind.plural)


def _object(manifest: Mapping[str, Any]) -> GenericNamespacedResource:
    return _resource(BY_NAME[manifest["kind"]])(cast("Any", dict(manifest)))


def _plain(found: GenericNamespacedResource) -> Live:
    return cast("Live", found)


def _identity(kind: Kind) -> dict[str, str]:
    """Kind and version, which the members of a list do not name."""
    return {"apiVersion": kind.api_version, "kind": kind.kind}
