"""Days that are kept as text (`1994-09-23`), in the SQL of both databases."""

from typing import Any

from sqlalchemy import BigInteger, Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class is_day(FunctionElement[bool]):  # noqa: N801 - a function of SQL
    """Whether a text has the form of a day, `1994-09-23`."""

    name = "is_day"
    type = Boolean()
    inherit_cache = True


class midnight(FunctionElement[int]):  # noqa: N801 - a function of SQL
    """The Unix time at which a day begins."""

    name = "midnight"
    type = BigInteger()
    inherit_cache = True


def _argument(element: Any, compiler: Any, **options: Any) -> str:
    (day,) = (compiler.process(clause, **options) for clause in element.clauses)
    return str(day)


@compiles(is_day, "sqlite")
def _is_day_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"{_argument(element, compiler, **options)} GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'"


@compiles(is_day, "postgresql")
def _is_day_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"{_argument(element, compiler, **options)} ~ '^[0-9]{{4}}-[01][0-9]-[0-3][0-9]$'"


@compiles(midnight, "sqlite")
def _midnight_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {_argument(element, compiler, **options)}) AS INTEGER)"


@compiles(midnight, "postgresql")
def _midnight_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(extract(epoch FROM to_date({_argument(element, compiler, **options)}, 'YYYY-MM-DD')) AS BIGINT)"
