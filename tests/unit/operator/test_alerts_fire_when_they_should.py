"""promtool reads the rules, and tells of made-up series which alert fires; every alert has its runbook."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from openposterdb_operator.builders.alerts import ALERTS, OPERATOR_ALERTS, RUNBOOKS, build_groups, operator_groups
from openposterdb_operator.builders.context import Context
from tests.servers.process import program

ROOT = Path(__file__).parents[3]
ALL = (*ALERTS, *OPERATOR_ALERTS)
PODS = 'namespace="media",job="posters"'
OPERATOR = 'namespace="media",job="operator"'


def promtool(*arguments):
    command = [program("promtool", package="prometheus"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.yaml"
    groups = [*build_groups(Context("posters", "media", "u")), *operator_groups("media")]
    path.write_text(yaml.safe_dump({"groups": groups}))
    return path


def test_promtool_accepts_the_rules(rules):
    assert f"SUCCESS: {len(ALL)} rules found" in promtool("check", "rules", "--lint-fatal", rules)


def counting(metric, labels, per_minute):
    return {"series": f"{metric}{{{PODS},{labels}}}", "values": f"0+{per_minute}x120"}


REQUESTS = "openposterdb_http_requests_total"
LOOKUPS = "openposterdb_cache_requests_total"
CALLS = "openposterdb_upstream_requests_total"
SERVING = {"series": f"openposterdb_build_info{{{PODS}}}", "values": "1x120"}
LEADING = {"series": f"openposterdb_operator_leading{{{OPERATOR}}}", "values": "1x120"}
SERVICE = {"namespace": "media", "job": "posters"}

# Alert, series, and the labels that it fires with beside its own after two hours; None where it must not
CASES = [
    ("OpenPosterDBDown", [], SERVICE),
    ("OpenPosterDBDown", [SERVING], None),
    ("OpenPosterDBErrors", [counting(REQUESTS, 'status="200"', 90), counting(REQUESTS, 'status="502"', 10)], {}),
    ("OpenPosterDBErrors", [counting(REQUESTS, 'status="200"', 99), counting(REQUESTS, 'status="502"', 1)], None),
    ("OpenPosterDBErrors", [counting(REQUESTS, 'status="404"', 99)], None),
    (
        "OpenPosterDBHitRatioFalls",
        [
            counting(LOOKUPS, 'layer="memory",result="hit"', 20),
            counting(LOOKUPS, 'layer="memory",result="miss"', 80),
        ],
        {},
    ),
    (
        "OpenPosterDBHitRatioFalls",
        [
            counting(LOOKUPS, 'layer="memory",result="hit"', 50),
            counting(LOOKUPS, 'layer="memory",result="miss"', 50),
            counting(LOOKUPS, 'layer="store",result="miss"', 500),
        ],
        None,
    ),
    (
        "OpenPosterDBRendersSaturated",
        [{"series": f"openposterdb_render_queue_length{{{PODS}}}", "values": "5x120"}],
        SERVICE,
    ),
    (
        "OpenPosterDBRendersSaturated",
        [{"series": f"openposterdb_render_queue_length{{{PODS}}}", "values": "5x5 0x1 5x3 0x1 5x3 0x110"}],
        None,
    ),
    (
        "OpenPosterDBUpstreamFailing",
        [
            counting(CALLS, 'service="omdb",outcome="ok"', 6),
            counting(CALLS, 'service="omdb",outcome="timeout"', 4),
            counting(CALLS, 'service="tmdb",outcome="ok"', 100),
        ],
        {"service": "omdb"},
    ),
    ("OpenPosterDBUpstreamFailing", [counting(CALLS, 'service="tmdb",outcome="ok"', 10)], None),
    ("OpenPosterDBDegraded", [counting("openposterdb_degraded_responses_total", 'reason="ratings"', 60)], {}),
    ("OpenPosterDBDegraded", [counting("openposterdb_degraded_responses_total", 'reason="ratings"', 1)], None),
    (
        "OpenPosterDBQuotaLow",
        [
            {"series": f'openposterdb_upstream_quota_remaining{{{PODS},service="omdb"}}', "values": "50x120"},
            {"series": f'openposterdb_upstream_quota_remaining{{{PODS},service="tmdb"}}', "values": "5000x120"},
        ],
        {"service": "omdb"},
    ),
    (
        "OpenPosterDBQuotaLow",
        [{"series": f'openposterdb_upstream_quota_remaining{{{PODS},service="omdb"}}', "values": "500x120"}],
        None,
    ),
    (
        "OpenPosterDBRedisDown",
        [
            {"series": f'openposterdb_redis_up{{{PODS},pod="a"}}', "values": "1x120"},
            {"series": f'openposterdb_redis_up{{{PODS},pod="b"}}', "values": "0x120"},
        ],
        {},
    ),
    ("OpenPosterDBRedisDown", [{"series": f"openposterdb_redis_up{{{PODS}}}", "values": "1x120"}], None),
    (
        "OpenPosterDBOperatorLeaderless",
        [{"series": f"openposterdb_operator_leading{{{OPERATOR}}}", "values": "0x120"}],
        {},
    ),
    ("OpenPosterDBOperatorLeaderless", [LEADING], None),
    (
        "OpenPosterDBReconcileFailing",
        [{"series": f'openposterdb_operator_reconciles_total{{{OPERATOR},outcome="failed"}}', "values": "0+1x120"}],
        {},
    ),
    (
        "OpenPosterDBReconcileFailing",
        [{"series": f'openposterdb_operator_reconciles_total{{{OPERATOR},outcome="done"}}', "values": "0+9x120"}],
        None,
    ),
    (
        "OpenPosterDBOperatorBehind",
        [{"series": f"openposterdb_operator_queue_length{{{OPERATOR}}}", "values": "3x120"}],
        {"namespace": "media", "job": "operator"},
    ),
    (
        "OpenPosterDBOperatorBehind",
        [{"series": f"openposterdb_operator_queue_length{{{OPERATOR}}}", "values": "0x120"}],
        None,
    ),
]


def alert_of(name):
    groups = [*build_groups(Context("posters", "media", "u")), *operator_groups("media")]
    return next(rule for group in groups for rule in group["rules"] if rule["alert"] == name)


@pytest.mark.parametrize(("name", "series", "labels"), CASES, ids=lambda value: str(value)[:40])
def test_it_fires_when_it_should(rules, tmp_path, name, series, labels):
    rule = alert_of(name)
    firing = (
        [] if labels is None else [{"exp_labels": {**rule["labels"], **labels}, "exp_annotations": rule["annotations"]}]
    )
    case = {
        "interval": "1m",
        "input_series": series,
        "alert_rule_test": [{"eval_time": "115m", "alertname": name, "exp_alerts": firing}],
    }
    path = tmp_path / "test.yaml"
    path.write_text(yaml.safe_dump({"rule_files": [str(rules)], "evaluation_interval": "1m", "tests": [case]}))
    promtool("test", "rules", path)


def test_every_alert_is_tried_both_ways():
    assert {(name, labels is not None) for name, _, labels in CASES} == {
        (alert.name, way) for alert in ALL for way in (True, False)
    }


def test_every_alert_has_its_runbook_and_no_runbook_is_left_over():
    sections = re.findall(r"^### (\w+)$", (ROOT / RUNBOOKS).read_text(), re.MULTILINE)
    assert sections == [alert.name for alert in ALL]
    for group in (*build_groups(Context("posters", "media", "u")), *operator_groups("media")):
        for rule in group["rules"]:
            assert rule["annotations"]["runbook"] == f"{RUNBOOKS}#{rule['alert'].lower()}"
