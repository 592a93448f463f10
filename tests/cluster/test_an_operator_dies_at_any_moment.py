"""An operator killed again and again, at random, through creation, change and deletion: it converges every time."""

import os
import random
import time

from tests.cluster.kubectl import ALL, eventually

SECONDS = float(os.environ.get("E2E_CHAOS_SECONDS", "300"))
GENERATED = ("posters-admin", "posters-auth", "posters-redis")
SPECS = (
    {},
    {"ingress": {"host": "posters.example.com"}},
    {"render": {"quality": 71}},
    {"logs": {"level": "debug"}, "networkPolicy": {"enabled": False}},
)


def secrets(cluster):
    found = {name: cluster.get("secret", name) for name in GENERATED}
    return {name: each["data"] for name, each in found.items()} if all(found.values()) else None


def die(operator):
    """The same replica comes again: its Lease is still its own."""
    for identity in list(operator.processes):
        operator.kill(identity)
    operator.start("first", wait=False)


def is_gone(cluster):
    return cluster.get("opdb", "posters") is None and cluster.list(ALL) == []


def test_it_converges_without_orphans_duplicates_or_changed_secrets(cluster, operator):
    chance = random.Random(int(os.environ.get("E2E_CHAOS_SEED", "7")))
    cluster.secret()
    until = time.monotonic() + SECONDS
    lives = deletions = 0
    generated = None
    while time.monotonic() < until:
        lives += 1
        if lives % 7 == 0:
            cluster.kubectl("delete", "opdb", "posters", "--wait=false")
        else:
            cluster.posters(**chance.choice(SPECS))
        time.sleep(chance.uniform(0, 1.5))
        now = secrets(cluster)
        assert lives % 7 == 0 or generated is None or now == generated
        generated = now or generated
        die(operator)
        if lives % 7 == 0:
            eventually(lambda: is_gone(cluster), 90)
            deletions += 1
            generated = None
        time.sleep(chance.uniform(1, 4))
    assert lives > 2
    assert SECONDS < 60 or deletions
    cluster.posters(ingress={"host": "final.example.com"})

    def host():
        found = cluster.get("ingress", "posters")
        return found and found["spec"]["rules"][0]["host"]

    eventually(lambda: host() == "final.example.com", 30)
    cluster.wait_ready()
    eventually(lambda: cluster.conditions()["Progressing"] == ("False", "Settled"), 60)
    assert generated is None or secrets(cluster) == generated
    assert len(cluster.list("job")) == 1
    cluster.kubectl("delete", "opdb", "posters", "--wait=false")
    die(operator)
    eventually(lambda: is_gone(cluster), 90)
