"""What a person has to mend is told within ten seconds, by condition, reason and Event, and mends itself afterwards."""

import pytest

from tests.cluster.kubectl import BAD_DATABASE, SIMULATED, eventually


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


LOOSE_SERVICE_MONITOR = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "servicemonitors.monitoring.coreos.com"},
    "spec": {
        "group": "monitoring.coreos.com",
        "scope": "Namespaced",
        "names": {"kind": "ServiceMonitor", "plural": "servicemonitors", "singular": "servicemonitor"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                },
            }
        ],
    },
}


def test_missing_monitoring_kinds_are_told_and_stand_in_nobodys_way(cluster, operator):
    if "monitoring.coreos.com" in cluster.kubectl("api-versions").stdout:
        pytest.fail("this cluster has the Prometheus operator's kinds: run the suite on one without")
    cluster.secret()
    cluster.posters(monitoring={"serviceMonitor": {"enabled": True}})
    cluster.wait_ready()
    eventually(lambda: cluster.conditions()["Degraded"] == ("True", "MonitoringCRDsMissing"), 10)
    eventually(lambda: "MonitoringCRDsMissing" in dict(cluster.events()), 10)
    definition = "servicemonitors.monitoring.coreos.com"
    cluster.apply(LOOSE_SERVICE_MONITOR)
    try:
        eventually(lambda: cluster.conditions()["Degraded"] == ("False", "AsExpected"), 30)
        assert cluster.get(definition, "posters")
    finally:
        cluster.kubectl("delete", "crd", definition)
