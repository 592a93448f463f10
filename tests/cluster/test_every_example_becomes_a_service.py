"""Every file of charts/openposterdb/examples, applied as it is, each in its namespace: one operator makes services of them all."""

from contextlib import ExitStack

import pytest
import yaml

from tests.cluster.cloudflare import Cloudflare, Zone
from tests.cluster.conftest import CHARTS, a_namespace, an_operator, settled
from tests.cluster.declaring import key_in, wait_ready
from tests.cluster.kubectl import DEFINITIONS_OF_OTHERS, SIMULATED, UPSTREAMS, eventually, sh
from tests.cluster.services import Router, Service

pytestmark = [SIMULATED, DEFINITIONS_OF_OTHERS]

EXAMPLES = {path.stem: path for path in sorted((CHARTS / "openposterdb/examples").glob("*.yaml"))}
ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
TOKEN = "a-token-that-may-edit-this-zone"
SECRETS = {
    "upstreams": UPSTREAMS,
    "database": {"url": "postgresql://posters:secret@postgresql/posters"},
    "redis": {"url": "redis://redis:6379/0"},
    "bucket": {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s"},
    "cloudflare": {"token": TOKEN},
}
LACKING = {"monitoring": "MonitoringCRDsMissing", "gateway": "GatewayCRDsMissing"}
"""What a cluster without others' definitions tells of an example, and serves nevertheless."""
CHILDREN = {
    "autoscaling-s3": {("HorizontalPodAutoscaler", "posters"), ("PodDisruptionBudget", "posters")},
    "image-volume": {("PersistentVolumeClaim", "posters-images")},
    "ingress": {("Ingress", "posters")},
    "cloudflare": {("Ingress", "posters")},
    "monitoring": {("ConfigMap", "posters-dashboard")},
    "replicas": {("PodDisruptionBudget", "posters"), ("StatefulSet", "posters-redis")},
}


@pytest.fixture(scope="module")
def world(definitions, tmp_path_factory):
    """A namespace for each example, what is outside the cluster, and the operator."""
    with ExitStack() as stack:
        cloudflare, router = Cloudflare(), Router()
        stack.callback(cloudflare.close)
        stack.callback(router.close)
        cloudflare.tokens.add(TOKEN)
        cloudflare.zones[ZONE] = Zone()
        namespaces = {name: stack.enter_context(a_namespace()) for name in EXAMPLES}
        home, *others = namespaces.values()
        variables = {
            "CLOUDFLARE_API_URL": cloudflare.url,
            "SERVICE_ADDRESS": router.address,
            "OUTSIDE_CHECK_SECONDS": "2",
        }
        others = [each.namespace for each in others]
        stack.enter_context(an_operator(home, tmp_path_factory.mktemp("examples"), others=others, variables=variables))
        yield namespaces, cloudflare, router


@pytest.fixture
def apply(world):
    def go(name):
        cluster = world[0][name]
        documents = list(yaml.safe_load_all(EXAMPLES[name].read_text()))
        own = {each["metadata"]["name"] for each in documents if each["kind"] == "Secret"}
        for secret, members in SECRETS.items():
            if secret not in own:
                cluster.secret(secret, **members)
        cluster.kubectl("apply", "--validate=strict", "-f", EXAMPLES[name])
        return cluster, next(each["spec"] for each in documents if each["kind"] == "OpenPosterDB")

    return go


@pytest.fixture
def pool():
    """The node that the example with a registry of one's own asks for."""
    (node, *_) = sh("kubectl", "get", "nodes", "-o", "name").stdout.split()
    sh("kubectl", "label", "--overwrite", node, "example.com/pool=media")
    yield
    sh("kubectl", "label", node, "example.com/pool-")


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_gets_ready_with_all_that_it_asks_for(world, apply, pool, name):
    cluster, spec = apply(name)
    settled_with_any_redis(cluster, external="external" in spec.get("redis", {}))
    problem = LACKING.get(name)
    wanted = ("True", problem) if problem else ("False", "AsExpected")
    eventually(lambda: cluster.conditions()["Degraded"] == wanted, 20)
    pods = spec.get("replicas", spec.get("autoscaling", {}).get("minReplicas", 1))
    eventually(lambda: cluster.get("opdb", "posters")["status"]["readyReplicas"] == pods, 60)
    found = {(each["kind"], each["metadata"]["name"]) for each in cluster.list("hpa,pdb,pvc,ingress,cm,sts")}
    assert CHILDREN.get(name, set()) <= found


def settled_with_any_redis(cluster, *, external):
    if external:
        cluster.wait_ready()
        assert cluster.conditions()["RedisReady"] == ("True", "External")
    else:
        settled(cluster)


def test_the_zone_of_the_example_has_its_rules(world, apply):
    cluster, _ = apply("cloudflare")
    eventually(lambda: cluster.conditions().get("CDNReady") == ("True", "CDNConfigured"), 20)
    assert len(world[1].zones[ZONE].rules) == 2


def test_the_key_of_the_example_has_its_settings(world, apply, tmp_path):
    cluster, _ = apply("declared-settings")
    secret = eventually(lambda: cluster.get("secret", "posters-admin"), 20)
    service = Service(tmp_path / "service", secret, FANART_API_KEY="none")
    try:
        world[2].services[cluster.namespace, "posters"] = service.process.url
        wait_ready(cluster)
        key = key_in(cluster)
        assert service.is_valid(key)
        (shown,) = service.all_keys()
        settings = service.settings(shown["id"])
        assert (settings["poster_source"], settings["fanart_lang"]) == ("f", "de")
        cluster.kubectl("delete", "pkey", "living-room", "--timeout=30s")
        assert not service.is_valid(key)
    finally:
        service.close()
