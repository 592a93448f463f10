"""CRDs, rules, defaults and manifests before a real API server."""

import json

import pytest
import yaml

from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.desired import build_desired
from openposterdb_operator.builders.generated import missing_secrets
from openposterdb_operator.crd import open_poster_db, poster_key
from openposterdb_operator.crd.writing import definitions
from openposterdb_operator.model import OpenPosterDBSpec
from tests.cluster.conftest import CHARTS
from tests.cluster.declaring import declare
from tests.cluster.kubectl import resource, sh

POSTGRESQL = {"type": "postgresql", "urlSecretRef": {"name": "db"}}
S3 = {"type": "s3", "s3": {"bucket": "posters"}}
ZONE = {"zoneID": "0" * 32, "apiTokenSecretRef": {"name": "cf", "key": "token"}}

RULES = [
    ({"replicas": 2}, {"replicas": 2, "database": POSTGRESQL}, "database.type sqlite runs one replica"),
    (
        {"autoscaling": {}},
        {"autoscaling": {}, "database": POSTGRESQL},
        "database.type sqlite runs one replica",
    ),
    (
        {"autoscaling": {"minReplicas": 5, "maxReplicas": 2}, "database": POSTGRESQL},
        {"autoscaling": {"minReplicas": 2, "maxReplicas": 2}, "database": POSTGRESQL},
        "autoscaling.minReplicas must not be greater",
    ),
    ({"database": {"type": "postgresql"}}, {"database": POSTGRESQL}, "postgresql needs database.urlSecretRef"),
    (
        {"database": {**POSTGRESQL, "type": "sqlite"}},
        {"database": {"type": "sqlite"}},
        "urlSecretRef is for postgresql",
    ),
    (
        {"redis": {"managed": {}, "external": {"urlSecretRef": {"name": "r"}}}},
        {"redis": {"external": {"urlSecretRef": {"name": "r"}}}},
        "choose managed or external, not both",
    ),
    (
        {"cdn": {"externalCacheOnly": True}},
        {"cdn": {"externalCacheOnly": True, "redirects": True}},
        "needs cdn.redirects",
    ),
    ({"render": {"quality": 0}}, {"render": {"quality": 1}}, "greater than or equal to 1"),
    ({"render": {"quality": 101}}, {"render": {"quality": 100}}, "less than or equal to 100"),
    ({"ingress": {"host": "https://Posters"}}, {"ingress": {"host": "posters.example.com"}}, "host must be a DNS name"),
    (
        {"gateway": {"host": "a_b", "parentRefs": [{"name": "edge"}]}},
        {"gateway": {"host": "a-b", "parentRefs": [{"name": "edge"}]}},
        "host must be a DNS name",
    ),
    (
        {"ingress": {"host": "a.b"}, "gateway": {"host": "a.b", "parentRefs": [{"name": "edge"}]}},
        {"ingress": {"host": "a.b"}},
        "choose ingress or gateway, not both",
    ),
    ({"imageStore": {"type": "s3"}}, {"imageStore": S3}, "s3 needs imageStore.s3"),
    (
        {"imageStore": {"type": "filesystem"}, "replicas": 2, "database": POSTGRESQL},
        {
            "imageStore": {"type": "filesystem", "filesystem": {"accessMode": "ReadWriteMany"}},
            "replicas": 2,
            "database": POSTGRESQL,
        },
        "accessMode ReadWriteMany",
    ),
    (
        {"ratings": {"staleSeconds": 100, "maxAgeSeconds": 10}},
        {"ratings": {"staleSeconds": 10, "maxAgeSeconds": 100}},
        "staleSeconds must not be greater",
    ),
    (
        {"extraEnv": [{"name": "TMDB_API_KEY", "value": "x"}]},
        {"extraEnv": [{"name": "OTEL_TRACES_SAMPLER", "value": "always_on"}]},
        "extraEnv may not set a variable",
    ),
    (
        {"extraEnv": [{"name": "A", "value": "x"}, {"name": "A", "value": "y"}]},
        {"extraEnv": [{"name": "A", "value": "x"}, {"name": "B", "value": "y"}]},
        "Duplicate value",
    ),
    ({"resources": {"limits": {"memory": "much"}}}, {"resources": {"limits": {"memory": "1Gi", "cpu": 2}}}, "memory"),
    (
        {"upstreams": {"secretRef": {"name": "u"}, "quotas": {"tmdb": "40 per second"}}},
        {"upstreams": {"secretRef": {"name": "u"}, "quotas": {"tmdb": "40/s", "omdb": "0.5/s 1000/day"}}},
        "quotas.tmdb",
    ),
    ({"http": {"rateLimits": {"images": "240"}}}, {"http": {"rateLimits": {"images": "240/0.5"}}}, "rateLimits.images"),
    ({"http": {"trustedProxies": ["edge"]}}, {"http": {"trustedProxies": ["10.0.0.0/8", "::1"]}}, "trustedProxies[0]"),
    ({"web": {"wallTitles": ["tt0017136"]}}, {"web": {"wallTitles": ["imdb/tt0017136"]}}, "wallTitles[0]"),
    ({"defaults": {"maxBytes": 500}}, {"defaults": {"maxBytes": 10_000}}, "maxBytes must be 0 for no limit"),
    ({"cdn": {"cloudflare": {**ZONE, "zoneID": "x"}}}, {"cdn": {"cloudflare": ZONE}}, "zoneID"),
]


@pytest.mark.parametrize(("wrong", "right", "message"), RULES, ids=lambda value: json.dumps(value)[:60])
def test_a_rule_refuses_the_wrong_and_accepts_the_right(cluster, wrong, right, message):
    refused = cluster.apply(resource(**wrong), "--dry-run=server", check=False)
    assert refused.returncode != 0
    assert message in refused.stderr
    cluster.apply(resource(**right), "--dry-run=server")


TRIED_ELSEWHERE = {
    "metadata.name must be at most 40 characters",
    "database.type cannot change from postgresql back to sqlite",
    "instanceRef cannot change",
}


def test_every_rule_is_tried():
    def messages(node):
        if isinstance(node, dict):
            yield from (rule["message"] for rule in node.get("x-kubernetes-validations", ()))
            for member in node.values():
                yield from messages(member)
        elif isinstance(node, list):
            for member in node:
                yield from messages(member)

    tried = {message for _, _, message in RULES} | TRIED_ELSEWHERE
    all_of = {message for definition in (open_poster_db(), poster_key()) for message in messages(definition)}
    assert len(all_of) > 12
    assert [message for message in all_of if not any(part in message for part in tried)] == []


@pytest.mark.parametrize("name", ["p" * 41, "1posters", "a.b"])
def test_a_name_that_children_could_not_have_is_refused(cluster, name):
    refused = cluster.apply(resource(name), "--dry-run=server", check=False)
    assert "metadata.name must be at most 40 characters" in refused.stderr


def test_keys_and_settings_are_not_lost_to_a_change_of_database(cluster):
    cluster.posters(database=POSTGRESQL)
    refused = cluster.apply(resource(), check=False)
    assert "cannot change from postgresql back to sqlite" in refused.stderr


def test_a_key_stays_with_its_service(cluster):
    key = {
        "apiVersion": "openposterdb.io/v1alpha1",
        "kind": "PosterKey",
        "metadata": {"name": "mine"},
        "spec": {"instanceRef": {"name": "posters"}},
    }
    cluster.apply(key)
    key["spec"]["instanceRef"]["name"] = "others"
    assert "instanceRef cannot change" in cluster.apply(key, check=False).stderr


def test_defaults_come_back_from_the_server(cluster):
    cluster.posters()
    served = cluster.get("opdb", "posters")["spec"]
    smallest = {"upstreams": {"secretRef": {"name": "upstreams"}}}
    assert OpenPosterDBSpec.model_validate(served) == OpenPosterDBSpec.model_validate(smallest)
    assert served["redis"]["managed"]["maxMemory"] == "256Mi"
    assert served["render"]["quality"] == 85


def test_short_names_and_columns(cluster):
    cluster.posters()
    header = cluster.kubectl("get", "opdb,pkey", "-o", "wide").stdout.splitlines()[0].split()
    assert header == ["NAME", "READY", "REPLICAS", "URL", "IMAGE", "REASON", "AGE"]
    assert "Shared cache, locks" in cluster.kubectl("explain", "opdb.spec.redis").stdout


def test_scaling_sets_the_replicas(cluster):
    cluster.posters(database=POSTGRESQL)
    cluster.kubectl("scale", "opdb/posters", "--replicas=3")
    assert cluster.get("opdb", "posters")["spec"]["replicas"] == 3


EXAMPLES = sorted((CHARTS / "openposterdb/examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_and_all_it_leads_to_is_accepted(cluster, path):
    cluster.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", path)
    for document in yaml.safe_load_all(path.read_text()):
        if document["kind"] != "OpenPosterDB":
            continue
        spec = OpenPosterDBSpec.model_validate(document["spec"])
        context = Context(name="posters", namespace=cluster.namespace, uid="0f6f5f3c-6a52-4cf0-9d3a-1f1b5a3b8a11")
        children = [*build_desired(spec, context).manifests, *missing_secrets(spec, context, {})]
        bundle = {"apiVersion": "v1", "kind": "List", "items": children}
        answer = cluster.apply(bundle, "--dry-run=server", "--validate=strict")
        assert "PodSecurity" not in answer.stderr


@pytest.mark.parametrize(
    "values",
    [
        [],
        ["--set", "namespaces={default,kube-public}"],
        ["--set", "replicas=1,crds.keep=false,rbac.aggregate=false"],
        ["--set", "metrics.dashboards.enabled=true,logLevel=debug,image.digest=sha256:" + "0" * 64],
        ["--set", "crds.install=false,replicas=3,podLabels.team=media,podAnnotations.note=x,nodeSelector.disk=fast"],
        [
            "--set",
            "image.pullSecrets[0].name=registry,image.tag=edge,defaults.serviceImage.tag=edge,serviceAccount.annotations.a=b",
        ],
    ],
    ids=lambda value: "".join(value) or "defaults",
)
def test_the_operators_chart_is_accepted(cluster, values):
    chart = CHARTS / "openposterdb-operator"
    sh("helm", "lint", "--strict", chart, *values)
    text = sh("helm", "template", "operator", chart, "-n", cluster.namespace, *values).stdout
    answer = sh("kubectl", "apply", "--dry-run=server", "--validate=strict", "-f", "-", input=text)
    assert "PodSecurity" not in answer.stderr


@pytest.mark.parametrize(
    "values",
    [{}, {"replicas": 3, "database": POSTGRESQL, "upstreamSecret": {"create": True, "data": {"TMDB_API_KEY": "x"}}}],
)
def test_the_services_chart_is_accepted(cluster, tmp_path, values):
    path = tmp_path / "values.yaml"
    path.write_text(yaml.safe_dump(values))
    chart = CHARTS / "openposterdb"
    sh("helm", "lint", "--strict", chart, "-f", path)
    text = sh("helm", "template", "posters", chart, "-n", cluster.namespace, "-f", path).stdout
    cluster.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-", input=text)


def test_the_services_chart_refuses_a_value_that_is_no_field():
    refused = sh("helm", "template", "posters", CHARTS / "openposterdb", "--set", "replica=3", check=False)
    assert "replica" in refused.stderr
    assert refused.returncode != 0


def test_every_name_of_a_kind_is_written_to_and_the_category_lists_all_kinds(cluster):
    cluster.posters()
    declare(cluster, "tv")
    for kind, name in ("OpenPosterDB", "posters"), ("PosterKey", "tv"):
        (names,) = [each["spec"]["names"] for each in definitions() if each["spec"]["names"]["kind"] == kind]
        for each in kind, names["plural"], names["singular"], *names["shortNames"]:
            cluster.kubectl("annotate", each, name, f"written-as={each}", "--overwrite")
    listed = cluster.kubectl("get", *names["categories"], "-o", "name").stdout.split()
    assert listed == ["openposterdb.openposterdb.io/posters", "posterkey.openposterdb.io/tv"]
