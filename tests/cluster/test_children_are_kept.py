"""Children deleted, edited, no longer wanted or somebody else's: the operator keeps what is its own, within seconds."""

import pytest

from tests.cluster.conftest import a_namespace, an_operator, settled
from tests.cluster.kubectl import BAD_DATABASE, SIMULATED, eventually


@pytest.fixture(scope="module")
def kept(definitions, tmp_path_factory):
    """A service for all tests that leave it as they found it: to be kept is what they are about."""
    with a_namespace() as cluster, an_operator(cluster, tmp_path_factory.mktemp("kept")):
        cluster.secret()
        cluster.posters()
        yield cluster


@pytest.fixture
def children(kept):
    settled(kept)
    return kept


together = pytest.mark.xdist_group("children")


@together
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
def test_a_deleted_child_is_back_within_five_seconds(children, kind, name):
    before = children.uid(kind, name)
    children.kubectl("delete", kind, name)
    eventually(lambda: children.uid(kind, name) not in (None, before), 5)


@together
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
        ("statefulset", "posters-redis", {"spec": {"replicas": 0}}, lambda it: it["spec"]["replicas"]),
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
def test_an_edited_child_is_put_right_within_five_seconds(children, kind, name, patch, read):
    before = read(children.get(kind, name))
    children.patch(kind, name, patch)
    eventually(lambda: read(children.get(kind, name)) == before, 5)


@SIMULATED
def test_children_of_a_fuller_spec_are_back_as_well(cluster, operator):
    cluster.secret()
    cluster.secret("db", url="postgresql://u:p@h/n")
    scaled = {"minReplicas": 2, "maxReplicas": 3}
    cluster.posters(
        database=BAD_DATABASE,
        autoscaling=scaled,
        ingress={"host": "posters.example.com"},
        monitoring={"grafanaDashboards": {"enabled": True}},
    )
    cluster.wait_ready()
    eventually(lambda: cluster.conditions()["Progressing"] == ("False", "Settled"))
    job = cluster.list("job")[0]["metadata"]["name"]
    children = [
        ("ingress", "posters"),
        ("hpa", "posters"),
        ("pdb", "posters"),
        ("job", job),
        ("service", "posters-redis"),
        ("configmap", "posters-dashboard"),
    ]
    for kind, name in children:
        before = cluster.uid(kind, name)
        cluster.kubectl("delete", kind, name, "--wait=false")
        eventually(lambda kind=kind, name=name, before=before: cluster.uid(kind, name) not in (None, before), 5)
    edits = [
        ("ingress", {"rules": [{"host": "other.example.com"}]}, lambda it: it["rules"][0]["host"]),
        ("hpa", {"maxReplicas": 9}, lambda it: it["maxReplicas"]),
        ("pdb", {"maxUnavailable": 7}, lambda it: it["maxUnavailable"]),
    ]
    for kind, spec, read in edits:
        before = read(cluster.get(kind, "posters")["spec"])
        cluster.patch(kind, "posters", {"spec": spec})
        eventually(lambda kind=kind, read=read, before=before: read(cluster.get(kind, "posters")["spec"]) == before, 5)


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
    cluster.wait_ready(seconds=30)
