"""A deleted PosterKey in states that no API server lets in any more: it goes, or says what it waits for and how to let go."""

import pytest

from openposterdb_operator.acting import finalizers
from openposterdb_operator.acting.posterkeys import KeyReconciler
from openposterdb_operator.acting.queue import Key
from openposterdb_operator.cluster.errors import Forbidden
from openposterdb_operator.cluster.kinds import OPEN_POSTER_DB, POSTER_KEY
from tests.unit.operator.conftest import UPSTREAMS

HELD = {"keyID": 7, "prefix": "t3-12345"}
SPEC = {"instanceRef": {"name": "posters"}}
SERVICE = {"metadata": {"namespace": "media", "name": "posters", "uid": "s"}, "spec": {"upstreams": UPSTREAMS}}
GOING = {**SERVICE, "metadata": {**SERVICE["metadata"], "deletionTimestamp": "2026-01-01T00:00:00Z"}}
INVALID = {**SERVICE, "spec": {"upstreams": 5}}


def deleted(spec, status, *, abandoned=False):
    return {
        "metadata": {
            "namespace": "media",
            "name": "mine",
            "uid": "u",
            "generation": 1,
            "resourceVersion": "1",
            "deletionTimestamp": "2026-01-01T00:00:00Z",
            "finalizers": ["theirs", finalizers.KEY],
            "annotations": {finalizers.ABANDON: "true"} if abandoned else {},
        },
        "spec": spec,
        "status": status,
    }


class Cluster:
    """The one key and the one service that there are; what was written to the key."""

    def __init__(self, resource, service):
        self.found = {POSTER_KEY: resource, OPEN_POSTER_DB: service}
        self.finalizers = resource["metadata"]["finalizers"]
        self.status = {}

    async def get(self, kind, namespace, name):
        found = self.found.get(kind)
        if isinstance(found, Exception):
            raise found
        return found

    async def merge(self, kind, namespace, name, patch):
        self.finalizers = patch["metadata"]["finalizers"]

    async def merge_status(self, kind, namespace, name, status):
        self.status = status

    async def create(self, manifest):
        return True


async def end(resource, service=SERVICE):
    cluster = Cluster(resource, service)
    await KeyReconciler(cluster, None, address="http://{name}.{namespace}", every=60).reconcile(Key("media", "mine"))
    return cluster


@pytest.mark.parametrize(
    ("resource", "service"),
    [
        (deleted({}, {}), SERVICE),
        (deleted(SPEC, {}), SERVICE),
        (deleted({}, HELD, abandoned=True), SERVICE),
        (deleted(SPEC, HELD, abandoned=True), Forbidden("no")),
        (deleted(SPEC, HELD), None),
        (deleted(SPEC, HELD), GOING),
    ],
    ids=["invalid without a key", "without a key", "invalid, abandoned", "abandoned", "service gone", "service going"],
)
async def test_it_goes(resource, service):
    cluster = await end(resource, service)
    assert cluster.finalizers == ["theirs"]


@pytest.mark.parametrize(
    ("spec", "service", "why"),
    [
        ({}, SERVICE, "the spec is invalid: spec.instanceRef"),
        (SPEC, INVALID, "the spec of OpenPosterDB media/posters is invalid"),
        (SPEC, Forbidden("no"), "has to serve that namespace as well"),
        (SPEC, SERVICE, "Secret media/posters-admin with the administrator does not exist"),
    ],
    ids=["invalid", "service invalid", "service out of reach", "administrator unknown"],
)
async def test_it_waits_and_says_for_what(spec, service, why):
    cluster = await end(deleted(spec, HELD), service)
    assert cluster.finalizers == ["theirs", finalizers.KEY]
    (condition,) = cluster.status["conditions"]
    assert condition["reason"] == "RevocationPending"
    assert why in condition["message"]
    assert f"{finalizers.ABANDON}=true" in condition["message"]
