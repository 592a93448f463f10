"""The operator against a real API server: what it makes, writes and leaves, Secrets that change, scaling, death and takeover."""

import json

from tests.cluster.kubectl import ALL, BAD_DATABASE, SIMULATED, eventually, resource


def versions(cluster):
    return {(each["kind"], each["metadata"]["name"]): each["metadata"]["resourceVersion"] for each in cluster.list(ALL)}


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
    volume = cluster.uid("pvc", "posters-database")
    cluster.kubectl("delete", "opdb", "posters", "--timeout=30s")
    eventually(lambda: cluster.get("deployment", "posters") is None, 60)
    cluster.posters(database=keep)
    cluster.wait_ready()
    assert cluster.uid("pvc", "posters-database") == volume


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
