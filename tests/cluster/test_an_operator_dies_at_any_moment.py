"""An operator killed again and again, at random, through creation, change and deletion: it converges every time."""

import os
import random
import time

from tests.cluster.kubectl import eventually

SECONDS = float(os.environ.get("E2E_CHAOS_SECONDS", "300"))
KINDS = "deploy,sts,svc,cm,pvc,netpol,ingress,secret,job"
GENERATED = ("posters-admin", "posters-auth", "posters-redis")


def secrets(cluster):
    found = {name: cluster.get("secret", name) for name in GENERATED}
    return {name: each["data"] for name, each in found.items()} if all(found.values()) else None


def test_it_converges_without_orphans_duplicates_or_changed_secrets(cluster, operator):
    chance = random.Random(int(os.environ.get("E2E_CHAOS_SEED", "7")))
    cluster.secret()
    until = time.monotonic() + SECONDS
    lives = 0
    generated = None
    while time.monotonic() < until:
        lives += 1
        cluster.posters(
            **chance.choice(
                [{}, {"ingress": {"host": "posters.example.com"}}, {"render": {"quality": 70 + lives % 20}}]
            )
        )
        time.sleep(chance.uniform(0, 1.5))
        for identity in list(operator.processes):
            operator.kill(identity)
        now = secrets(cluster)
        assert generated is None or now == generated
        generated = now or generated
        operator.start("first", wait=False)  # the same replica again: its Lease is still its own
        time.sleep(chance.uniform(1, 4))
    assert lives > 2
    cluster.posters(ingress={"host": "final.example.com"})
    eventually(
        lambda: (
            (cluster.get("ingress", "posters") or {}).get("spec", {}).get("rules", [{}])[0].get("host")
            == "final.example.com"
        ),
        30,
    )
    cluster.wait_ready()
    eventually(lambda: cluster.conditions()["Progressing"] == ("False", "Settled"), 60)
    assert generated is None or secrets(cluster) == generated
    jobs = cluster.list("job")
    assert len(jobs) == 1
    cluster.kubectl("delete", "opdb", "posters", "--wait=false")
    operator.kill("first")
    operator.start("first", wait=False)
    eventually(lambda: cluster.get("opdb", "posters") is None and cluster.list(KINDS) == [], 90)
