"""Every metric that a dashboard or an alert names is one that the service or the operator exposes, with those labels."""

import re

import pytest
from prometheus_client import CollectorRegistry

from openposterdb.telemetry.metrics import Metrics as ServiceMetrics
from openposterdb_operator.acting.metrics import Metrics as OperatorMetrics
from openposterdb_operator.builders.alerts import ALERTS, OPERATOR_ALERTS, build_groups, operator_groups
from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.dashboards import operator, posters

TARGET_LABELS = {"namespace", "job", "pod", "le"}
SUFFIXES = re.compile(r"(_bucket|_count|_sum)$")


def exposed():
    service, operators = ServiceMetrics(version="0", renderer="0"), CollectorRegistry()
    service.export_redis(lambda: True)
    OperatorMetrics(operators, "0")
    for each in (service.registry, operators):
        for metric in each._collector_to_names:
            name = metric._name + ("_total" if metric._type == "counter" else "")
            yield name, set(metric._labelnames)


METRICS = dict(exposed())


def expressions():
    for dashboard in (posters(), operator()):
        for panel in dashboard["panels"]:
            yield from (target["expr"] for target in panel["targets"])
    for group in (*build_groups(Context("posters", "media", "u")), *operator_groups("media")):
        yield from (rule["expr"] for rule in group["rules"])


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_it_exists_with_its_labels(expression):
    assert "%s" not in expression
    named = re.findall(r"(openposterdb_[a-z_]+)(?:\{(.*?)\})?", re.sub(r"\{\{.*?\}\}", "", expression))
    assert named
    grouped = {label for labels in re.findall(r"by \((.*?)\)", expression) for label in labels.split(", ")}
    known = set(TARGET_LABELS)
    for name, labels in named:
        metric = SUFFIXES.sub("", name)
        assert metric in METRICS, name
        known |= METRICS[metric]
        assert set(re.findall(r'(\w+)(?==~?"|!=)', labels)) <= METRICS[metric] | TARGET_LABELS
    assert grouped <= known


def test_every_alert_says_what_to_do():
    assert all(
        len(alert.what_to_do) > 40 and alert.severity in {"warning", "critical"}
        for alert in (*ALERTS, *OPERATOR_ALERTS)
    )
