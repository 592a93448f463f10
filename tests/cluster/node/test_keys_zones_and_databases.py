"""Declared keys, a Cloudflare zone, PostgreSQL and examples on real pods; the operator serves the whole cluster, once one namespace."""

import base64

import pytest
import yaml

from tests.cluster.beside import Relay
from tests.cluster.cloudflare import Cloudflare, Zone
from tests.cluster.conftest import a_namespace
from tests.cluster.declaring import declare, key_in, wait_ready
from tests.cluster.kubectl import UPSTREAMS, eventually, sh
from tests.cluster.node.conftest import POSTER, ROOT, explain, is_poster
from tests.servers.postgres import running_postgres

EXAMPLES = ROOT / "charts/openposterdb/examples"
ZONE = "0" * 32
SERVER = "app.kubernetes.io/component=server"
TOKEN = "a-token-that-may-edit-this-zone"


@pytest.fixture
def elsewhere(demo):
    """Another namespace, which admits restricted pods alone."""
    with a_namespace() as cluster:
        yield cluster
        cluster.kubectl("delete", "pkey,opdb", "--all", "--timeout=90s")


def ready(cluster):
    try:
        cluster.wait_ready(seconds=180)
    except AssertionError:
        explain(cluster.namespace, "openposterdb")
        raise


def names(cluster):
    return {each["metadata"]["name"] for each in cluster.list("pods", SERVER)}


def test_a_declared_key_opens_posters_until_it_is_deleted(demo, ask):
    declare(demo, settings={"ratingsLimit": 1})
    wait_ready(demo)
    key = key_in(demo)
    with_one_badge = ask(f"{key}/{POSTER}")
    assert is_poster(with_one_badge)
    declare(demo, settings={"ratingsLimit": 8})
    eventually(lambda: ask(f"{key}/{POSTER}") != with_one_badge, 60)
    demo.kubectl("delete", "pkey", "living-room", "--timeout=60s")
    eventually(lambda: ask(f"{key}/{POSTER}") is None, 30)


def test_a_namespace_declares_keys_for_as_long_as_it_is_admitted_and_revokes_them_afterwards(demo, elsewhere, ask):
    declare(elsewhere, namespace="media")
    eventually(lambda: elsewhere.condition("pkey", "living-room")[0] == "NotAllowed", 20)
    demo.patch("opdb", "posters", {"spec": {"posterKeys": {"allowedNamespaces": [elsewhere.namespace]}}})
    wait_ready(elsewhere)
    key = key_in(elsewhere)
    url = base64.b64decode(elsewhere.get("secret", "living-room")["data"]["url"]).decode()
    assert url == f"http://posters.media.svc/{key}/imdb/poster-default/tt0111161.jpg"
    assert is_poster(ask(f"{key}/{POSTER}", host="posters.media.svc"))
    demo.patch("opdb", "posters", {"spec": {"posterKeys": {"allowedNamespaces": []}}})
    eventually(lambda: elsewhere.condition("pkey", "living-room")[0] == "NotAllowed", 20)
    elsewhere.kubectl("delete", "pkey", "living-room", "--timeout=60s")
    eventually(lambda: ask(f"{key}/{POSTER}") is None, 30)


@pytest.fixture
def cloudflare(demo, here):
    """A zone, and operator pods that ask the double for it; for the time being they serve, and may see, one namespace alone."""
    double = Cloudflare(here)
    double.tokens.add(TOKEN)
    double.zones[ZONE] = Zone()
    chart = ROOT / "charts/openposterdb-operator"

    def upgrade(*values):
        sh("helm", "upgrade", "operator", chart, "-n", "openposterdb", *values, "--wait", "--timeout=3m")

    variable = f"extraEnv[0].name=CLOUDFLARE_API_URL,extraEnv[0].value={double.url}"
    upgrade("--set", f"namespaces={{media}},outsideCheckSeconds=2,{variable}")
    yield double
    upgrade("--reset-values")
    double.close()


def test_an_operator_of_one_namespace_keeps_a_zone_and_pods_redirect_to_what_it_caches(demo, ask, cloudflare):
    account = "system:serviceaccount:openposterdb:operator-openposterdb-operator"
    may = {
        namespace: sh("kubectl", "auth", "can-i", "list", "secrets", f"--as={account}", "-n", namespace, check=False)
        for namespace in ("media", "default")
    }
    assert {namespace: answer.stdout.strip() for namespace, answer in may.items()} == {"media": "yes", "default": "no"}
    zone = cloudflare.zones[ZONE]
    demo.secret("cloudflare", token=TOKEN)
    reference = {"name": "cloudflare", "key": "token"}
    wanted = {"redirects": True, "cloudflare": {"zoneID": ZONE, "apiTokenSecretRef": reference}}
    demo.patch("opdb", "posters", {"spec": {"cdn": wanted}})
    eventually(lambda: demo.conditions().get("CDNReady") == ("True", "CDNConfigured"), 60)
    assert len(zone.rules) == 2
    zone.rules.clear()
    eventually(lambda: len(zone.rules) == 2, 30)
    ready(demo)
    eventually(lambda: demo.conditions()["Progressing"] == ("False", "Settled"), 120)
    key = demo.kubectl("exec", "deployment/posters", "--", "openposterdb", "keys", "create", "cdn").stdout.strip()
    assert is_poster(ask(f"{key}/{POSTER}"))
    demo.patch("opdb", "posters", {"spec": {"cdn": {"redirects": False, "cloudflare": None}}})
    eventually(lambda: zone.rules == [] and zone.settings["argo/tiered_caching"] == "off", 60)
    eventually(lambda: "finalizers" not in demo.get("opdb", "posters")["metadata"], 30)


@pytest.mark.parametrize("name", ["minimal", "image-volume", "declared-settings", "ingress"])
def test_an_example_runs_with_the_keys_that_a_person_has_put_there(elsewhere, name):
    elsewhere.secret(**UPSTREAMS, FANART_API_KEY="f")
    elsewhere.kubectl("apply", "--validate=strict", "-f", EXAMPLES / f"{name}.yaml")
    ready(elsewhere)
    eventually(lambda: elsewhere.conditions()["RedisReady"][0] == "True", 60)
    eventually(lambda: elsewhere.conditions()["Progressing"] == ("False", "Settled"), 60)
    if elsewhere.get("pkey", "living-room"):
        wait_ready(elsewhere)


@pytest.fixture
def database_url(here):
    """A PostgreSQL beside the cluster, as pods reach it."""
    with running_postgres() as server:
        relay = Relay(here, ("127.0.0.1", server.port))
        name = server.create(empty=True)
        yield f"postgresql://tests@{relay.host}:{relay.port}/{name}"
        relay.close()


def test_replicas_share_a_database_that_a_job_migrated(elsewhere, database_url, ask):
    """The example, with the demo's upstreams and as much of a node as there is."""
    resource = yaml.safe_load((EXAMPLES / "replicas.yaml").read_text())
    demo, secret, *_ = yaml.safe_load_all((EXAMPLES / "demo.yaml").read_text())
    elsewhere.secret(**secret["stringData"])
    elsewhere.secret("database", url=database_url)
    urls = demo["spec"]["upstreams"]["baseURLs"]
    resource["spec"]["upstreams"]["baseURLs"] = {
        member: url.replace("//upstreams:", "//upstreams.media:") for member, url in urls.items()
    }
    resource["spec"]["resources"] = {"requests": {"cpu": "50m", "memory": "200Mi"}, "limits": {"memory": "1Gi"}}
    resource["spec"]["redis"]["managed"]["resources"] = {"requests": {"cpu": "20m"}}
    elsewhere.apply(resource)
    ready(elsewhere)
    eventually(lambda: elsewhere.get("opdb", "posters")["status"]["readyReplicas"] == 3, 120)
    declare(elsewhere)
    wait_ready(elsewhere)
    key = key_in(elsewhere)
    host = f"posters.{elsewhere.namespace}"
    assert is_poster(ask(f"{key}/{POSTER}", host=host))
    assert elsewhere.conditions()["DatabaseReady"] == ("True", "Migrated")
    before = names(elsewhere)
    elsewhere.kubectl("delete", "pod", "-l", SERVER, "--wait=false")
    eventually(lambda: len(names(elsewhere)) == 3 and not names(elsewhere) & before, 120)
    eventually(lambda: elsewhere.get("opdb", "posters")["status"]["readyReplicas"] == 3, 120)
    assert is_poster(ask(f"{key}/{POSTER}", host=host)), "keys and pictures outlive pods"
