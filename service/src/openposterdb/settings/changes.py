"""What is to change of somebody's settings: any of the members, each of its exact type."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from openposterdb.errors import Invalid
from openposterdb.settings.definition import definition_of, title_of
from openposterdb.settings.model import RenderSettings

S = TypeVar("S", bound=RenderSettings)


def changes_model(model: type[RenderSettings]) -> type[BaseModel]:
    """A model with every setting of `model`, all optional, null for what is not to change, and no conversions."""
    members: dict[str, Any] = {}
    for member in definition_of(model):
        field = model.model_fields[member.name]
        members[member.name] = (
            member.annotation | None,
            Field(
                default=None,
                description=member.setting.description,
                validation_alias=field.validation_alias,
                serialization_alias=field.serialization_alias,
            ),
        )
    config = ConfigDict(strict=True, frozen=True, extra="ignore", field_title_generator=title_of)
    return create_model(f"{model.__name__}Members", __config__=config, **members)


class SettingsChanges(changes_model(RenderSettings)):
    """Settings to change; members that are left out or null keep their value."""

    def given(self) -> dict[str, Any]:
        """The settings that are to change, by name."""
        values = {member.name: getattr(self, member.name) for member in definition_of(RenderSettings)}
        return {name: value for name, value in values.items() if value is not None}


def apply_changes(settings: S, changes: Mapping[str, Any]) -> S:
    """The settings after the changes: null and unknown members are ignored. Invalid names every wrong member."""
    given = {name: value for name, value in changes.items() if value is not None}
    try:
        return type(settings).model_validate({**settings.model_dump(), **given})
    except ValidationError as error:
        raise Invalid("; ".join(map(complaint, error.errors(include_url=False, include_input=False)))) from None


def complaint(problem: ErrorDetails) -> str:
    """`ratings_limit: must be from 0 to 8`: what pydantic says of a member, without the value."""
    message = problem["msg"].removeprefix("Value error, ").replace("Input should be", "must be", 1)
    return f"{'.'.join(map(str, problem['loc']))}: {message}"
