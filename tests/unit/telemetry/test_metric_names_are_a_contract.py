"""Names, types and labels are what dashboards were built on: they change with intent, and the documentation with them."""

import re
from pathlib import Path

from prometheus_client import generate_latest

from openposterdb.telemetry import Metrics
from tests.unit.telemetry.contract import CONTRACT

DOCUMENT = Path(__file__).parents[3] / "docs/metrics.md"
ROW = re.compile(r"^\| `(openposterdb_[a-z_]+)` \| (\w+) \| ([^|]*) \| \S", re.MULTILINE)


def test_every_metric_is_there_with_its_type_and_labels(metrics):
    made = {
        metric._name + ("_total" if metric._type == "counter" else ""): (metric._type, set(metric._labelnames))
        for metric in metrics.registry._collector_to_names
    }
    assert made == CONTRACT


def test_a_scrape_shows_them(metrics):
    shown = re.findall(r"^# TYPE (\S+) (\S+)$", generate_latest(metrics.registry).decode(), re.MULTILINE)
    assert {name: kind for name, kind in shown if not name.endswith("_created")} == {
        name: kind for name, (kind, _) in CONTRACT.items()
    }


def test_without_redis_there_is_nothing_to_be_alarmed_about():
    assert "openposterdb_redis_up" not in generate_latest(Metrics(version="1", renderer="1").registry).decode()


def test_the_documentation_says_the_same():
    told = {
        name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in ROW.findall(DOCUMENT.read_text())
    }
    assert told == CONTRACT
