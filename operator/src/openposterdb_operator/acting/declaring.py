"""A key as it is declared: in its Secret first, then in the service, with its name and its settings.

The Secret holds the key before the service knows it, and the service is told it as often as it takes. So no crash leaves two
keys, and a service whose database was lost or restored gets the same keys again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openposterdb_operator.acting.instances import Instance, Stuck
from openposterdb_operator.acting.looking import decoded
from openposterdb_operator.builders.posterkey import (
    build_key_secret,
    display_name,
    is_key,
    make_key,
    prefix_of,
    secret_name,
)
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.errors import Forbidden, Refused
from openposterdb_operator.cluster.kinds import POSTER_KEY, SECRET
from openposterdb_operator.decide.children import has_drifted, is_owned
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import PosterKeySpec
from openposterdb_operator.model.status import PosterKeyStatus
from openposterdb_operator.objects import Live, mapping
from openposterdb_operator.outside.service import Login, ServiceKey, Services


@dataclass(frozen=True)
class Declaring:
    """Brings keys to where their specs want them, and revokes them."""

    cluster: Cluster
    services: Services

    async def declare(self, resource: Live, spec: PosterKeySpec, instance: Instance) -> str:
        """Have the key in the Secret and in the service, with its name and settings; what somebody had changed of it."""
        metadata, login = resource["metadata"], instance.login
        status = PosterKeyStatus.model_validate(mapping(resource, "status"))
        name = display_name(metadata["namespace"], metadata["name"], spec)
        keys = await self.services.keys(login)
        secret, key = await self._held(resource, spec, status)
        if key is None:
            for old in _of(status, keys, name):
                await self.services.revoke(login, old)
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
            await self.services.rename(login, known.id, name)
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
            found = await self.cluster.get(SECRET, metadata["namespace"], name)
            owned = found is not None and is_owned(found, metadata["uid"])
            if name == wanted:
                if found is not None and not owned:
                    message = f"Secret {metadata['namespace']}/{name} exists and is not this PosterKey's: choose another secretName"
                    raise Stuck(Reason.NAME_TAKEN, message)
                secret = found
            if found is not None and owned and is_key(decoded(found).get("key", "")):
                return secret, decoded(found)["key"]
        return secret, None

    async def _bring(self, resource: Live, status: PosterKeyStatus, login: Login, key: str, name: str) -> ServiceKey:
        """Tell the service the key; one that it replaces is revoked."""
        known = await self.services.bring(login, key, name)
        if status.key_id is not None and status.key_id != known.id and status.prefix != prefix_of(key):
            await self.services.revoke(login, status.key_id)
        await self._note(resource, {"prefix": prefix_of(key), "keyID": known.id})
        return known

    async def _settle(
        self, resource: Live, spec: PosterKeySpec, status: PosterKeyStatus, login: Login, key_id: int
    ) -> list[str]:
        """The key's settings as declared: the global ones, but for the members that are set."""
        declared = _declared(spec)
        if not declared:
            if status.settings_declared:
                await self.services.reset_settings(login, key_id)
            return []
        if not status.settings_declared:
            await self._note(resource, {"settingsDeclared": True})
        now = await self.services.settings(login, key_id)
        everybody = await self.services.global_settings(login)
        wanted = {**{name: everybody[name] for name in now.members if name in everybody}, **declared}
        wrong = {name: value for name, value in wanted.items() if now.members.get(name) != value}
        if wrong:
            await self.services.save_settings(login, key_id, wrong)
        drifted = [name for name in wrong if name in declared] if status.settings_declared else []
        return [f"{name} was {now.members.get(name)}" for name in drifted]

    async def revoke(self, resource: Live, spec: PosterKeySpec, instance: Instance) -> None:
        """Have the service forget the key of `resource`."""
        metadata = resource["metadata"]
        status = PosterKeyStatus.model_validate(mapping(resource, "status"))
        keys = await self.services.keys(instance.login)
        for key_id in _of(status, keys, display_name(metadata["namespace"], metadata["name"], spec)):
            await self.services.revoke(instance.login, key_id)

    async def _write(self, manifest: dict[str, Any]) -> None:
        try:
            await self.cluster.apply(manifest)
        except Refused as error:
            raise Stuck(Reason.REJECTED, f"Secret {manifest['metadata']['name']}: {error}") from error
        except Forbidden as error:
            raise Stuck(Reason.FORBIDDEN, f"Secret {manifest['metadata']['name']}: {error}") from error

    async def _forget_old_secret(self, resource: Live, spec: PosterKeySpec, status: PosterKeyStatus) -> None:
        metadata = resource["metadata"]
        if status.secret_name in ("", secret_name(metadata["name"], spec)):
            return
        old = await self.cluster.get(SECRET, metadata["namespace"], status.secret_name)
        if old is not None and is_owned(old, metadata["uid"]):
            await self.cluster.delete(SECRET, metadata["namespace"], status.secret_name)

    async def _note(self, resource: Live, facts: dict[str, Any]) -> None:
        metadata = resource["metadata"]
        await self.cluster.merge_status(POSTER_KEY, metadata["namespace"], metadata["name"], facts)


def _declared(spec: PosterKeySpec) -> dict[str, Any]:
    """The declared settings in the names of the management API."""
    members = spec.settings.members() if spec.settings is not None else {}
    return {"maxBytes" if name == "max_bytes" else name: value for name, value in members.items()}


def _of(status: PosterKeyStatus, keys: Iterable[ServiceKey], name: str) -> list[int]:
    """Keys of the service that are known to be of this resource."""
    if status.key_id is not None:
        return [each.id for each in keys if each.id == status.key_id and each.prefix == status.prefix]
    return [each.id for each in keys if status.prefix and (each.prefix, each.name) == (status.prefix, name)]
