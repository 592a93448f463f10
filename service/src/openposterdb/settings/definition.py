"""What a setting is beside its type: everything that follows from a member of `RenderSettings` follows from its `Setting`.

Validation and the JSON schema, the columns of the database, the suffix of cache keys, the canonical form behind `/c/` and
the renderer's options are all derived from here, so that a new setting is declared in one place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from openposterdb.domain import ImageKind

Part = Literal["art", "ratings", "badges", "picture"]
"""What a setting decides: which art is drawn on, which ratings are shown, how badges look, how the picture is made."""

POSTERS: Final = frozenset({ImageKind.POSTER})
LOGOS: Final = frozenset({ImageKind.LOGO})
BACKDROPS: Final = frozenset({ImageKind.BACKDROP})
ALL_KINDS: Final = frozenset(ImageKind)


@dataclass(frozen=True, slots=True)
class Setting:
    """Marks a member: `Annotated[Shape, Setting("badges", POSTERS, "…", role="style", code="s")]`.

    `kinds` are those whose pixels it can change. `role` is its name where the kind is known, and the renderer's name for
    it: `style` for `poster_badge_style`; by default the member's own name. `code` opens its part of a cache key's suffix,
    none for what a key tells otherwise, and `spelled` are the values that are written there in another way. A `brief` one
    is left out where it has its default, as all settings younger than the grammar are.
    """

    part: Part
    kinds: frozenset[ImageKind]
    description: str
    role: str = ""
    code: str = ""
    spelled: tuple[tuple[str, str], ...] = ()
    brief: bool = False

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The type's schema with the description."""
        return {**handler(core_schema), "description": self.description}


@dataclass(frozen=True, slots=True)
class Member:
    """One setting with its names, its type and its default. `json_name` is its name on the wire."""

    name: str
    json_name: str
    setting: Setting
    annotation: Any
    default: Any

    @property
    def role(self) -> str:
        """Its name where the kind is known."""
        return self.setting.role or self.name

    def written(self, value: Any) -> str:
        """Its part of a cache key's suffix, with the leading dot; empty where nothing is written."""
        setting = self.setting
        if not setting.code or (setting.brief and value == self.default):
            return ""
        return f".{setting.code}{dict(setting.spelled).get(value, value) if setting.spelled else value}"

    def read(self, part: str) -> str | None:
        """The value in a part of a suffix, which may not be one that is allowed; None where the part is another's."""
        text = part.removeprefix(self.setting.code)
        if not self.setting.code or text == part:
            return None
        return {short: value for value, short in self.setting.spelled}.get(text, text)


class Definition:
    """The settings of a model, in the order of their declaration."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._members: dict[str, Member] = {}
        for name, field in model.model_fields.items():
            setting = next((mark for mark in field.metadata if isinstance(mark, Setting)), None)
            if setting is None:
                raise TypeError(f"{model.__name__}.{name} says not what it is: it needs a `Setting`")
            others = [mark for mark in field.metadata if mark is not setting]
            annotation: Any = Annotated[(field.annotation, *others)] if others else field.annotation
            self._members[name] = Member(name, field.serialization_alias or name, setting, annotation, field.default)
        self._roles = {(kind, member.role): member for member in self for kind in member.setting.kinds}
        self._of: dict[tuple[ImageKind, tuple[Part, ...]], tuple[Member, ...]] = {}

    def __iter__(self) -> Iterator[Member]:
        """Every setting."""
        return iter(self._members.values())

    def __getitem__(self, name: str) -> Member:
        """The setting of this name; KeyError without one."""
        return self._members[name]

    def of(self, kind: ImageKind, *parts: Part) -> tuple[Member, ...]:
        """The settings that can change pixels of `kind`, only those of `parts` where some are named."""
        found = self._of.get((kind, parts))
        if found is None:
            found = self._of[kind, parts] = tuple(
                member
                for member in self
                if kind in member.setting.kinds and (not parts or member.setting.part in parts)
            )
        return found

    def in_role(self, kind: ImageKind, role: str) -> Member:
        """The setting that has this role for this kind; KeyError without one."""
        return self._roles[kind, role]

    def defaults(self) -> Mapping[str, Any]:
        """Every default by name."""
        return {member.name: member.default for member in self}


def title_of(name: str, _field: object = None) -> str:
    """The name of a member for people: `Poster badge style`."""
    return name.replace("_", " ").capitalize()


@cache
def definition_of(model: type[BaseModel]) -> Definition:
    """The definition of a model all of whose members are settings; TypeError for another one."""
    return Definition(model)
