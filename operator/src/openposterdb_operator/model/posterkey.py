"""`PosterKey.spec`: one API key, declared."""

from typing import Annotated

from pydantic import ConfigDict, Field

from openposterdb_operator.model.base import Model, Rule, rules
from openposterdb_operator.model.settings import RenderSettings


class InstanceRef(Model):
    """The OpenPosterDB that a key is for."""

    name: Annotated[str, Field(min_length=1, max_length=63)]
    """Name of the OpenPosterDB."""
    namespace: Annotated[str, Field(min_length=1, max_length=63)] | None = None
    """Its namespace; that of the PosterKey when unset. Another one has to be admitted by the OpenPosterDB's
    `posterKeys.allowedNamespaces`."""


class PosterKeySpec(Model):
    """One API key of an OpenPosterDB."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "self.instanceRef == oldSelf.instanceRef",
                "instanceRef cannot change: the key exists in that service; create another PosterKey",
            ),
        )
    )

    instance_ref: InstanceRef
    """The OpenPosterDB that the key is for."""
    display_name: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    """Name of the key in the admin web; NAMESPACE/NAME of this resource when unset."""
    secret_name: Annotated[str, Field(min_length=1, max_length=253)] | None = None
    """Secret that gets the key (`key`) and an example URL (`url`); the resource's own name when unset. Deleting the
    Secret replaces the key by another."""
    settings: RenderSettings | None = None
    """Render settings of this key, the global ones where a member is unset; the key's owner decides when all is unset."""
