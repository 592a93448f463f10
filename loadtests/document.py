"""docs/benchmarks.md: a table of the fleet's scenarios and sections of other benchmarks, each replaced by the run that measured it."""

import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

DOCUMENT = Path(__file__).parents[1] / "docs/benchmarks.md"
_FLEET, _ROW = "fleet", re.compile(r"^\| `([a-z0-9-]+)` \|.*$", re.MULTILINE)
_HEAD = """# Benchmarks

Written by the runs themselves: `make loadtest`, `make bench-hits` and `make bench-login-flood`. Compare rows and ratios of one run,
not machines. How the renderer fares against others, and what a change of settings costs: [benchmarks/](benchmarks/).
"""
_TABLE = """## A fleet of three under load

Three replicas, one PostgreSQL, one Redis, one folder, the demo's upstreams and the clients share this machine:
{about}; last run on {day}. Times include the clients' own: a Python client with a new connection per request, but wrk for `hot-key`.
"calls" are all calls of upstreams, in brackets the most for one resource; "CPU" is user and system time of the replicas per
request, their start included where a scenario starts some; "memory" is PSS of the largest replica, whose images may take 64 MiB
of it; "load" is the load average before the scenario. Titles beyond the demo's have ids of their own and share its ratings and two
dozen pictures, so that there is less to decode than of as many real ones.

| scenario | what happens | requests | failed | renders | calls | p50 ms | p99 ms | CPU ms | memory MiB | load | outcome |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""


class Row(NamedTuple):
    """A line of the table."""

    name: str
    text: str


def write_rows(rows: Sequence[Row], order: Sequence[str], machine: Mapping[str, object]) -> None:
    """Into the table, in this order; rows of scenarios that did not run now stay."""
    kept = {found[1]: found[0] for found in _ROW.finditer(_sections().get(_FLEET, ""))} | {
        row.name: row.text for row in rows
    }
    about = ", ".join(f"{name} {value}" for name, value in machine.items() if name != "load")
    table = _TABLE.format(about=about, day=time.strftime("%Y-%m-%d", time.gmtime()))
    write_section(_FLEET, table + "\n".join(kept[name] for name in order if name in kept))


def write_section(name: str, text: str) -> None:
    """In place of what the section held; a new one comes last."""
    sections = _sections() | {name: text.strip()}
    parts = [f"<!-- {each} -->\n{body}\n<!-- end -->\n" for each, body in sections.items()]
    DOCUMENT.write_text("\n".join([_HEAD, *parts]), encoding="utf-8")


def _sections() -> dict[str, str]:
    if not DOCUMENT.exists():
        return {}
    found = re.finditer(r"<!-- ([a-z-]+) -->\n(.*?)\n<!-- end -->", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    return {each[1]: each[2] for each in found}
