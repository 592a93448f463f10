"""What a person has to mend is told within ten seconds, by condition, reason and Event, and mends itself afterwards."""

import time

import pytest

from tests.cluster.kubectl import BAD_DATABASE, DEFINITIONS_OF_OTHERS, SIMULATED, eventually


@pytest.mark.parametrize(
    ("spec", "secrets", "reason", "mended"),
    [
        ({}, {}, "SecretMissing", {"upstreams": {"TMDB_API_KEY": "t", "OMDB_API_KEY": "o"}}),
        (
            {},
            {"upstreams": {"OMDB_API_KEY": "o"}},
            "SecretKeyMissing",
            {"upstreams": {"TMDB_API_KEY": "t", "OMDB_API_KEY": "o"}},
        ),
        pytest.param(
            {"database": BAD_DATABASE},
            {"upstreams": {"TMDB_API_KEY": "t", "OMDB_API_KEY": "o"}, "db": {"url": "mysql://x"}},
            "DatabaseURLInvalid",
            {"db": {"url": "postgresql://u:p@h/n"}},
            marks=SIMULATED,
        ),
    ],
)
def test_a_mistake_is_told_within_ten_seconds_and_mends_itself(cluster, operator, spec, secrets, reason, mended):
    for name, members in secrets.items():
        cluster.secret(name, **members)
    cluster.posters(**spec)
    eventually(lambda: cluster.conditions().get("Degraded") == ("True", reason), 10)
    assert cluster.conditions()["Ready"] == ("False", reason)
    eventually(lambda: reason in dict(cluster.events()), 10)
    for name, members in mended.items():
        cluster.secret(name, **members)
    cluster.wait_ready()
    eventually(lambda: cluster.conditions()["Degraded"] == ("False", "AsExpected"))


def test_a_child_that_the_server_refuses_is_told_with_its_words(cluster, operator):
    cluster.secret()
    cluster.posters(affinity={"nodeAffinity": {"bogus": True}})
    eventually(lambda: cluster.conditions().get("Degraded") == ("True", "Rejected"), 20)
    degraded = [each for each in cluster.get("opdb", "posters")["status"]["conditions"] if each["type"] == "Degraded"]
    assert "bogus" in degraded[0]["message"]
    cluster.kubectl("patch", "opdb", "posters", "--type=json", "-p", '[{"op": "remove", "path": "/spec/affinity"}]')
    cluster.wait_ready()


def loose(group, version, kind):
    """A definition of somebody else's kind that takes any object."""
    plural = f"{kind.lower()}s"
    anything = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{group}",
            "annotations": {"api-approved.kubernetes.io": "unapproved, for a test"},
        },
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [{"name": version, "served": True, "storage": True, "schema": anything}],
        },
    }


def is_watched(cluster, kind) -> bool:
    """Whether a child that is deleted is back within five seconds; a watch of a kind this new may take a while to begin."""
    if (before := cluster.uid(kind, "posters")) is None:
        cluster.kubectl("annotate", "openposterdb", "posters", f"look-again={time.monotonic()}", "--overwrite")
        eventually(lambda: cluster.uid(kind, "posters"), 10)
        return False
    cluster.kubectl("delete", kind, "posters")
    try:
        eventually(lambda: cluster.uid(kind, "posters") not in (None, before), 5)
    except AssertionError:
        return False
    return True


@DEFINITIONS_OF_OTHERS
@pytest.mark.parametrize(
    ("spec", "definition", "reason"),
    [
        (
            {"monitoring": {"serviceMonitor": {"enabled": True}}},
            loose("monitoring.coreos.com", "v1", "ServiceMonitor"),
            "MonitoringCRDsMissing",
        ),
        (
            {"monitoring": {"prometheusRule": {"enabled": True}}},
            loose("monitoring.coreos.com", "v1", "PrometheusRule"),
            "MonitoringCRDsMissing",
        ),
        (
            {"gateway": {"host": "posters.example.com", "parentRefs": [{"name": "edge"}]}},
            loose("gateway.networking.k8s.io", "v1", "HTTPRoute"),
            "GatewayCRDsMissing",
        ),
    ],
    ids=["ServiceMonitor", "PrometheusRule", "HTTPRoute"],
)
def test_missing_kinds_are_told_stand_in_nobodys_way_and_are_used_when_they_come(
    cluster, operator, spec, definition, reason
):
    if definition["spec"]["group"] in cluster.kubectl("api-versions").stdout:
        pytest.fail(
            "this cluster has the Prometheus operator's or the Gateway API's kinds: run the suite on one without"
        )
    cluster.secret()
    cluster.posters(**spec)
    cluster.wait_ready()
    eventually(lambda: cluster.conditions()["Degraded"] == ("True", reason), 10)
    eventually(lambda: reason in dict(cluster.events()), 10)
    kind = definition["metadata"]["name"]
    cluster.apply(definition)
    try:
        eventually(lambda: cluster.conditions()["Degraded"] == ("False", "AsExpected"), 30)
        eventually(lambda: cluster.uid(kind, "posters"), 10)
        eventually(lambda: is_watched(cluster, kind), 60)
    finally:
        cluster.kubectl("delete", "crd", kind)
        eventually(lambda: definition["spec"]["group"] not in cluster.kubectl("api-versions").stdout)
