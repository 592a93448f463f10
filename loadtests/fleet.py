"""A fleet under load: scenarios on three real replicas, each with an outcome that is checked; writes docs/benchmarks.md.

    python -m loadtests.fleet [--only NAME ...] [--write]

The replicas share a real PostgreSQL, a real Redis and a folder; the upstreams are the demo's double, in a process of its own.
`--write` puts the rows of this run into the document and leaves those of other scenarios. Exits with status 1 when an outcome
is not what it has to be.
"""

import argparse
import os
import sys
import time

from loadtests.bench_hits import machine
from loadtests.document import DOCUMENT, Row, write_rows
from loadtests.house import Outcome, Scenario, open_house, run
from loadtests.losses import LOSSES, STALE_AT_ONCE
from loadtests.scenarios import COLD, HEALTHY
from loadtests.slow_readers import slow_readers
from loadtests.warm_up import QUOTAS, STRANGERS, TITLES, warm_up
from tests.servers.postgres import running_postgres

SCENARIOS: dict[str, Scenario] = {**HEALTHY, **LOSSES, "slow-readers": slow_readers, "warm-up": warm_up}
VARIABLES: dict[str, dict[str, str]] = {"warm-up": QUOTAS, "upstreams-leave": STALE_AT_ONCE}


def row(name: str, scenario: Scenario, made: Outcome, load: float) -> Row:
    verdict = "; ".join(f"**not: {what}**" for what in made.broken) or "holds"
    about = "; ".join([(scenario.__doc__ or "").strip(), *made.notes])
    figures = (
        made.requests, len(made.load.failed), made.renders, f"{made.calls} ({made.most_calls})",
        f"{made.p50_ms:.1f}", f"{made.p99_ms:.1f}", f"{made.cpu_ms:.2f}", f"{made.pss_mib:.0f}", f"{load:.1f}",
    )  # fmt: skip
    return Row(name, "| " + " | ".join([f"`{name}`", about, *map(str, figures), verdict]) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=sorted(SCENARIOS), default=None)
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name}")
    options = parser.parse_args()
    rows, broken = [], False
    with running_postgres() as postgres:
        for name in options.only or SCENARIOS:
            before, began = os.getloadavg()[0], time.monotonic()
            titles = TITLES + STRANGERS if name == "warm-up" else COLD
            with open_house(postgres, titles=titles, **VARIABLES.get(name, {})) as opened:
                made = run(SCENARIOS[name], opened)
            rows.append(row(name, SCENARIOS[name], made, before))
            broken = broken or bool(made.broken)
            print(f"{rows[-1].text}  {time.monotonic() - began:.0f} s", flush=True)
    if options.write:
        write_rows(rows, list(SCENARIOS), machine())
    sys.exit(broken)


if __name__ == "__main__":
    main()
