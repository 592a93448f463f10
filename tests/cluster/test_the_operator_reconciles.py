"""The operator against a real API server: children, drift, pruning, Secrets, conditions, death and takeover."""

import json
import os

import pytest

from tests.cluster.kubectl import eventually, resource

ALL = "deploy,sts,svc,cm,pvc,netpol,ingress,hpa,pdb,secret,job"

SIMULATED = pytest.mark.skipif(
    os.environ.get("K8S_TESTBED_LEVEL") != "control-plane",
    reason="no real pod gets ready with a database that nobody runs",
)
BAD_DATABASE = {"type": "postgresql", "urlSecretRef": {"name": "db"}}


def versions(cluster):
    return {(each["kind"], each["metadata"]["name"]): each["metadata"]["resourceVersion"] for each in cluster.list(ALL)}


def uid(cluster, kind, name):
    found = cluster.get(kind, name)
    return found and found["metadata"]["uid"]


@pytest.fixture
def posters(cluster, operator):
    """A service that is ready."""
    cluster.secret()
    cluster.posters()
    cluster.wait_ready()
    eventually(lambda: cluster.conditions()["RedisReady"][0] == "True")
    eventually(lambda: cluster.conditions()["Progressing"] == ("False", "Settled"))
    return cluster


def test_one_resource_becomes_a_service(posters):
    found = posters.get("opdb", "posters")
    assert found["status"]["url"] == f"http://posters.{posters.namespace}.svc"
    assert found["status"]["readyReplicas"] == found["status"]["replicas"] == 1
    assert found["status"]["observedGeneration"] == found["metadata"]["generation"]
    assert {kind: status for kind, (status, _) in posters.conditions().items()} == {
        "Ready": "True",
        "Progressing": "False",
        "Degraded": "False",
        "DatabaseReady": "True",
        "RedisReady": "True",
        "CDNReady": "True",
    }
    owner = found["metadata"]["uid"]
    for child in posters.list(ALL):
        assert [each["uid"] for each in child["metadata"]["ownerReferences"]] == [owner], child["metadata"]["name"]
    assert "finalizers" not in found["metadata"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("deployment", "posters"),
        ("service", "posters"),
        ("networkpolicy", "posters"),
        ("statefulset", "posters-redis"),
        ("configmap", "posters-redis"),
        ("secret", "posters-redis"),
        ("secret", "posters-auth"),
    ],
)
def test_a_deleted_child_is_back_within_five_seconds(posters, kind, name):
    before = uid(posters, kind, name)
    posters.kubectl("delete", kind, name)
    eventually(lambda: uid(posters, kind, name) not in (None, before), 5)


@SIMULATED
def test_children_of_a_fuller_spec_are_back_as_well(cluster, operator):
    cluster.secret()
    cluster.secret("db", url="postgresql://u:p@h/n")
    scaled = {"minReplicas": 2, "maxReplicas": 3}
    cluster.posters(database=BAD_DATABASE, autoscaling=scaled, ingress={"host": "posters.example.com"})
    cluster.wait_ready()
    eventually(lambda: cluster.conditions()["Progressing"] == ("False", "Settled"))
    job = cluster.list("job")[0]["metadata"]["name"]
    children = [
        ("ingress", "posters"),
        ("hpa", "posters"),
        ("pdb", "posters"),
        ("job", job),
        ("service", "posters-redis"),
    ]
    for kind, name in children:
        before = uid(cluster, kind, name)
        cluster.kubectl("delete", kind, name, "--wait=false")
        eventually(lambda kind=kind, name=name, before=before: uid(cluster, kind, name) not in (None, before), 5)


@pytest.mark.parametrize(
    ("kind", "name", "patch", "read"),
    [
        ("deployment", "posters", {"spec": {"replicas": 4}}, lambda it: it["spec"]["replicas"]),
        (
            "deployment",
            "posters",
            {"spec": {"strategy": {"type": "RollingUpdate"}}},
            lambda it: it["spec"]["strategy"]["type"],
        ),
        (
            "service",
            "posters",
            {"spec": {"selector": {"app.kubernetes.io/instance": "x"}}},
            lambda it: it["spec"]["selector"],
        ),
        ("configmap", "posters-redis", {"data": {"redis.conf": "port 1"}}, lambda it: it["data"]["redis.conf"]),
        ("networkpolicy", "posters", {"metadata": {"labels": None}}, lambda it: it["metadata"].get("labels")),
        (
            "networkpolicy",
            "posters",
            {"metadata": {"ownerReferences": None}},
            lambda it: "ownerReferences" in it["metadata"],
        ),
    ],
)
def test_an_edited_child_is_put_right_within_five_seconds(posters, kind, name, patch, read):
    before = read(posters.get(kind, name))
    posters.patch(kind, name, patch)
    eventually(lambda: read(posters.get(kind, name)) == before, 5)


def test_nothing_is_written_when_nothing_changed(posters, operator):
    before = versions(posters)
    written = operator.log().count('"child_written"')
    posters.patch("opdb", "posters", {"metadata": {"annotations": {"touched": "yes"}}})
    operator.stop()
    operator.start("second")
    eventually(lambda: "Initial authentication has finished" in operator.log("second"))
    posters.patch("opdb", "posters", {"metadata": {"annotations": {"touched": "twice"}}})
    posters.secret("unrelated", a="b")
    posters.patch("opdb", "posters", {"metadata": {"labels": {"touched": "yes"}}})
    eventually(lambda: posters.get("opdb", "posters")["metadata"]["labels"])
    assert versions(posters) == before
    assert operator.log().count('"child_written"') == written
    assert '"child_written"' not in operator.log("second")


def test_a_dropped_field_takes_its_child_and_nothing_of_others(posters):
    posters.posters(ingress={"host": "posters.example.com"})
    mine = eventually(lambda: posters.get("ingress", "posters"))
    foreign = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "foreign", "labels": mine["metadata"]["labels"]},
    }
    posters.apply(foreign)
    owner = posters.get("secret", "upstreams")["metadata"]
    reference = {"apiVersion": "v1", "kind": "Secret", "name": "upstreams", "uid": owner["uid"], "controller": True}
    owned = {**foreign, "metadata": {**foreign["metadata"], "name": "of-another", "ownerReferences": [reference]}}
    posters.apply(owned)
    posters.posters()
    eventually(lambda: posters.get("ingress", "posters") is None, 5)
    assert posters.get("configmap", "foreign")
    assert posters.get("configmap", "of-another")["metadata"]["ownerReferences"][0]["uid"] == owner["uid"]


def test_a_name_that_is_taken_is_told_and_not_touched(cluster, operator):
    cluster.secret()
    theirs = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "posters"}, "spec": {"ports": [{"port": 1}]}}
    cluster.apply(theirs)
    cluster.posters()
    eventually(lambda: cluster.conditions().get("Degraded") == ("True", "NameTaken"), 10)
    assert cluster.get("service", "posters")["spec"]["ports"][0]["port"] == 1
    cluster.kubectl("delete", "service", "posters")
    cluster.wait_ready(seconds=90)


def test_a_changed_secret_rolls_the_pods(posters):
    before = posters.get("deployment", "posters")["spec"]["template"]["metadata"]["annotations"]
    posters.secret(TMDB_API_KEY="another", MDBLIST_API_KEY="m")
    eventually(lambda: posters.get("deployment", "posters")["spec"]["template"]["metadata"]["annotations"] != before, 5)


def test_a_signing_key_rotates_on_request_and_only_then(posters):
    before = posters.get("secret", "posters-auth")["data"]
    posters.patch("opdb", "posters", {"spec": {"render": {"quality": 80}}})
    eventually(
        lambda: (
            "80" in json.dumps(posters.get("deployment", "posters")["spec"]["template"]["spec"]["containers"][0]["env"])
        )
    )
    assert posters.get("secret", "posters-auth")["data"] == before
    posters.patch("opdb", "posters", {"metadata": {"annotations": {"openposterdb.io/rotate-auth": "1"}}})
    eventually(lambda: posters.get("secret", "posters-auth")["data"] != before, 5)


def events(cluster):
    found = json.loads(cluster.kubectl("get", "events", "-o", "json").stdout)["items"]
    return {each["reason"] for each in found if each["involvedObject"]["kind"] == "OpenPosterDB"}


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
    eventually(lambda: reason in events(cluster), 10)
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
    eventually(lambda: "MonitoringCRDsMissing" in events(cluster), 10)
    definition = "servicemonitors.monitoring.coreos.com"
    cluster.apply(LOOSE_SERVICE_MONITOR)
    try:
        eventually(lambda: cluster.conditions()["Degraded"] == ("False", "AsExpected"), 30)
        assert cluster.get(definition, "posters")
    finally:
        cluster.kubectl("delete", "crd", definition)


@SIMULATED
def test_autoscaling_takes_over_the_replicas_there_are(cluster, operator):
    cluster.secret()
    cluster.secret("db", url="postgresql://u:p@h/n")
    cluster.posters(database=BAD_DATABASE, replicas=3)
    eventually(lambda: (cluster.get("opdb", "posters").get("status") or {}).get("readyReplicas") == 3, 60)
    seen = set()

    def scaled():
        seen.add(cluster.get("deployment", "posters")["spec"]["replicas"])
        return cluster.get("hpa", "posters")

    cluster.posters(database=BAD_DATABASE, replicas=3, autoscaling={"minReplicas": 2, "maxReplicas": 5})
    eventually(scaled, 10)
    cluster.kubectl("scale", "deployment/posters", "--replicas=4")  # as the autoscaler would
    cluster.posters(database=BAD_DATABASE, replicas=3, autoscaling={"minReplicas": 2, "maxReplicas": 6})
    eventually(lambda: cluster.get("hpa", "posters")["spec"]["maxReplicas"] == 6, 10)
    assert cluster.get("deployment", "posters")["spec"]["replicas"] == 4
    assert seen == {3}


def test_deletion_leaves_nothing(posters):
    posters.kubectl("delete", "opdb", "posters", "--timeout=30s")
    # A garbage collector that has just met the kind takes half a minute to see it
    eventually(lambda: posters.list(ALL) == [], 60)


def test_a_database_that_is_to_stay_stays_and_is_found_again(cluster, operator):
    keep = {"storage": {"reclaimPolicy": "Retain"}}
    cluster.secret()
    cluster.posters(database=keep)
    cluster.wait_ready()
    volume = uid(cluster, "pvc", "posters-database")
    cluster.kubectl("delete", "opdb", "posters", "--timeout=30s")
    eventually(lambda: cluster.get("deployment", "posters") is None, 60)
    cluster.posters(database=keep)
    cluster.wait_ready()
    assert uid(cluster, "pvc", "posters-database") == volume


def test_what_was_missed_while_the_operator_was_dead_is_made_up_for(posters, operator):
    secrets = {name: posters.get("secret", name)["data"] for name in ("posters-admin", "posters-auth", "posters-redis")}
    operator.kill()
    posters.kubectl("delete", "service", "posters")
    posters.apply(resource(ingress={"host": "posters.example.com"}))
    operator.start("second")
    eventually(lambda: posters.get("service", "posters") and posters.get("ingress", "posters"), 10)
    assert {name: posters.get("secret", name)["data"] for name in secrets} == secrets


def test_of_two_replicas_one_acts_and_the_other_takes_over(posters, operator):
    operator.start("second", wait=False)
    eventually(lambda: operator.log("second") is not None)
    assert operator.holder() == "first"
    operator.kill("first")
    posters.kubectl("delete", "service", "posters")
    eventually(lambda: posters.get("service", "posters"), 30)
    assert operator.holder() == "second"


def test_a_replica_that_leaves_lets_the_next_one_in_at_once(posters, operator):
    operator.start("second", wait=False)
    assert operator.stop("first") == 0
    eventually(lambda: operator.holder() == "second", 8)
