"""Any settings there can be, drawn from their definition."""

from typing import get_args

from hypothesis import strategies as st
from pydantic import TypeAdapter

from openposterdb.domain import NATURAL_ORDER
from openposterdb.settings.definition import definition_of
from openposterdb.settings.model import Language, RatingsOrder, RenderSettings

orders = st.lists(st.sampled_from(NATURAL_ORDER), unique=True).map(",".join)
languages = st.sampled_from(["en", "EN", "de", "pt-BR", "PT-br", "tl", "00"])


def values_of(member):
    """Every value that the setting may have, or for texts and numbers many of them."""
    if member.annotation == RatingsOrder:
        return orders
    if member.annotation == Language:
        return languages
    if isinstance(member.default, bool):
        return st.booleans()
    if isinstance(member.default, str):
        return st.sampled_from(get_args(member.annotation))
    allowed = TypeAdapter(member.annotation)
    return st.sampled_from([n for n in (*range(9), 10_000, 49_999, 100_000, 50_000_000) if _accepted(allowed, n)])


def settings_of(model=RenderSettings):
    """Settings with every member drawn."""
    return st.fixed_dictionaries({member.name: values_of(member) for member in definition_of(model)}).map(
        model.model_validate
    )


def _accepted(allowed, value):
    try:
        allowed.validate_python(value)
    except ValueError:
        return False
    return True
