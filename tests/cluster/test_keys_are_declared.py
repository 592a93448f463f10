"""PosterKeys before a real service: made once, kept as declared, revoked at the end, whatever dies in between."""

import base64
import re

import pytest

from tests.cluster.declaring import declare, key_in, wait_ready
from tests.cluster.kubectl import eventually, resource
from tests.cluster.services import Router, Service

KEY = re.compile(r"t3-[0-9a-f-]{36}")


@pytest.fixture
def router():
    router = Router()
    yield router
    router.close()


@pytest.fixture
def variables(router):
    return {"SERVICE_ADDRESS": router.address, "OUTSIDE_CHECK_SECONDS": "2"}


@pytest.fixture
def others(elsewhere):
    return (elsewhere.namespace,)


@pytest.fixture
def start(cluster, operator, router, tmp_path):
    """Makes an OpenPosterDB and the real service that its pods would run."""
    running = []

    def go(name="posters", **spec):
        cluster.secret()
        cluster.posters(name, **spec)
        secret = eventually(lambda: cluster.get("secret", f"{name}-admin"), 20)
        service = Service(tmp_path / name, secret)
        running.append(service)
        router.services[cluster.namespace, name] = service.process.url
        return service

    yield go
    for service in running:
        service.close()


@pytest.fixture
def service(start):
    return start(ingress={"host": "posters.example.com"})


def test_a_key_is_made_kept_as_declared_and_revoked(cluster, service):
    declare(cluster, settings={"ratingsLimit": 2, "maxBytes": 90_000})
    wait_ready(cluster)
    key = key_in(cluster)
    assert KEY.fullmatch(key)
    secret = cluster.get("secret", "living-room")
    assert base64.b64decode(secret["data"]["url"]).decode() == (
        f"http://posters.example.com/{key}/imdb/poster-default/tt0111161.jpg"
    )
    assert secret["metadata"]["ownerReferences"][0]["kind"] == "PosterKey"
    (shown,) = service.all_keys()
    assert (shown["name"], shown["key_prefix"]) == (f"{cluster.namespace}/living-room", key[:8])
    assert service.is_valid(key)
    settings = service.settings(shown["id"])
    assert (settings["ratings_limit"], settings["maxBytes"]) == (2, 90_000)
    status = cluster.get("pkey", "living-room")["status"]
    assert (status["keyID"], status["prefix"], status["secretName"]) == (shown["id"], key[:8], "living-room")

    service.http.put(f"/api/keys/{shown['id']}/settings", json={"ratings_limit": 7, "poster_position": "tl"})
    service.http.patch(f"/api/keys/{shown['id']}", json={"name": "renamed"})
    eventually(lambda: service.settings(shown["id"])["ratings_limit"] == 2, 20)
    eventually(lambda: service.settings(shown["id"])["poster_position"] == "bc", 20)
    eventually(lambda: service.all_keys()[0]["name"] == f"{cluster.namespace}/living-room", 20)
    eventually(lambda: "KeyRestored" in dict(cluster.events("PosterKey")), 20)
    service.http.delete(f"/api/keys/{shown['id']}")
    eventually(lambda: service.is_valid(key), 20)
    assert key_in(cluster) == key, "the same key again"

    declare(cluster)
    eventually(lambda: service.settings(service.all_keys()[0]["id"])["is_default"], 20)

    cluster.kubectl("delete", "pkey", "living-room", "--timeout=60s")
    assert service.all_keys() == []
    assert not service.is_valid(key)
    eventually(lambda: cluster.get("secret", "living-room") is None, 60)


def test_a_deleted_secret_means_another_key_and_another_name_the_same(cluster, service):
    declare(cluster)
    wait_ready(cluster)
    first = key_in(cluster)
    cluster.kubectl("delete", "secret", "living-room")
    second = eventually(lambda: key_in(cluster), 20)
    eventually(lambda: service.is_valid(second), 20)
    assert second != first
    eventually(lambda: len(service.all_keys()) == 1, 10)
    assert not service.is_valid(first)

    declare(cluster, secretName="for-the-player")
    eventually(lambda: key_in(cluster, "for-the-player") == second, 20)
    eventually(lambda: cluster.get("secret", "living-room") is None, 20)
    assert [key["key_prefix"] for key in service.all_keys()] == [second[:8]]


def test_two_services_and_two_namespaces(cluster, elsewhere, start):
    posters, films = start(), start("films", posterKeys={"allowedNamespaces": []})
    declare(cluster, "a")
    declare(cluster, "b", instance="films")
    declare(elsewhere, "c", instance="films", namespace=cluster.namespace)
    wait_ready(cluster, "a")
    wait_ready(cluster, "b")
    eventually(lambda: elsewhere.condition("pkey", "c")[0] == "NotAllowed", 10)
    assert len(posters.all_keys()) == len(films.all_keys()) == 1
    cluster.apply(resource("films", posterKeys={"allowedNamespaces": [elsewhere.namespace]}))
    wait_ready(elsewhere, "c")
    assert films.is_valid(key_in(elsewhere, "c"))
    assert not posters.is_valid(key_in(elsewhere, "c"))


def test_a_key_that_is_no_longer_admitted_is_revoked_at_its_end(cluster, elsewhere, start):
    service = start(posterKeys={"allowedNamespaces": [elsewhere.namespace]})
    declare(elsewhere, namespace=cluster.namespace)
    wait_ready(elsewhere)
    key = key_in(elsewhere)
    cluster.apply(resource(posterKeys={"allowedNamespaces": []}))
    eventually(lambda: elsewhere.condition("pkey", "living-room")[0] == "NotAllowed", 20)
    assert service.is_valid(key)
    elsewhere.kubectl("delete", "pkey", "living-room", "--timeout=30s")
    assert service.all_keys() == []


def test_what_is_wrong_is_told_and_mends_itself(cluster, operator, router, start):
    declare(cluster)
    eventually(lambda: cluster.condition("pkey", "living-room")[0] == "InstanceMissing", 10)
    service = start()
    url = router.services.pop((cluster.namespace, "posters"))
    eventually(lambda: cluster.condition("pkey", "living-room")[0] == "ServiceUnreachable", 20)
    router.services[cluster.namespace, "posters"] = url
    wait_ready(cluster)
    declare(cluster, "far", namespace="kube-system")
    eventually(lambda: cluster.condition("pkey", "far")[0] == "Forbidden", 10)
    assert "has to serve that namespace" in cluster.condition("pkey", "far")[1]
    cluster.kubectl("delete", "pkey", "far", "--timeout=30s")
    cluster.secret("theirs", a="b")
    declare(cluster, "second", secretName="theirs")
    eventually(lambda: cluster.condition("pkey", "second")[0] == "NameTaken", 10)
    assert set(cluster.get("secret", "theirs")["data"]) == {"a"}
    good = cluster.get("secret", "posters-admin")["data"]
    cluster.patch("secret", "posters-admin", {"data": {"password": base64.b64encode(b"wrong").decode()}})
    eventually(lambda: cluster.condition("pkey", "living-room")[0] == "AdminRefused", 10)
    cluster.patch("secret", "posters-admin", {"data": good})
    eventually(lambda: cluster.condition("pkey", "living-room")[0] == "KeyReady", 20)
    assert len(service.all_keys()) == 1


def test_a_service_that_is_gone_holds_no_key(cluster, router, service):
    declare(cluster)
    declare(cluster, "second")
    wait_ready(cluster)
    wait_ready(cluster, "second")
    router.services.clear()
    cluster.kubectl("delete", "pkey", "living-room", "--wait=false")
    eventually(lambda: cluster.condition("pkey", "living-room")[0] == "RevocationPending", 20)
    assert "openposterdb.io/abandon=true" in cluster.condition("pkey", "living-room")[1]
    cluster.kubectl("annotate", "pkey", "living-room", "openposterdb.io/abandon=true")
    eventually(lambda: cluster.get("pkey", "living-room") is None, 20)
    cluster.kubectl("delete", "opdb", "posters", "--timeout=30s")
    cluster.kubectl("delete", "pkey", "second", "--timeout=60s")


def test_an_operator_that_dies_at_any_moment_makes_one_key(cluster, operator, service):
    for life in range(4):
        declare(cluster, settings={"ratingsLimit": life})
        eventually(lambda: len(operator.log()) > 0, 20)
        if life:
            eventually(lambda: cluster.get("secret", "living-room"), 40)
        operator.kill()
        operator.start("first", wait=False)
    eventually(lambda: len(service.all_keys()) == 1, 40)
    wait_ready(cluster)
    assert [key["key_prefix"] for key in service.all_keys()] == [key_in(cluster)[:8]]
    cluster.kubectl("delete", "pkey", "living-room", "--wait=false")
    operator.kill()
    operator.start("first", wait=False)
    eventually(lambda: cluster.get("pkey", "living-room") is None, 60)
    assert service.all_keys() == []
