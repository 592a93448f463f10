"""Manifests of particular specs."""

import dataclasses

import pytest

from openposterdb_operator.builders.desired import build_desired
from openposterdb_operator.builders.generated import missing_secrets
from openposterdb_operator.builders.routing import url
from openposterdb_operator.builders.server import config_hash
from openposterdb_operator.model import OpenPosterDBSpec
from tests.unit.operator.conftest import UPSTREAMS

POSTGRESQL = {"type": "postgresql", "urlSecretRef": {"name": "db"}}


def make(**members):
    return OpenPosterDBSpec.model_validate({"upstreams": UPSTREAMS, **members})


def built(context, **members):
    return {
        (each["kind"], each["metadata"]["name"]): each for each in build_desired(make(**members), context).manifests
    }


def variables(context, **members):
    container = built(context, **members)["Deployment", "posters"]["spec"]["template"]["spec"]["containers"][0]
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container["env"]}


def test_the_smallest_resource_gets_a_service_with_redis_and_a_volume(context):
    assert {key for key in built(context) if key[0] != "Job"} == {
        ("PersistentVolumeClaim", "posters-database"),
        ("ConfigMap", "posters-redis"),
        ("Service", "posters-redis"),
        ("NetworkPolicy", "posters-redis"),
        ("StatefulSet", "posters-redis"),
        ("Service", "posters"),
        ("NetworkPolicy", "posters"),
        ("Deployment", "posters"),
    }


@pytest.mark.parametrize(
    ("limits", "cache", "renders"),
    [
        ({"memory": "1Gi", "cpu": "2"}, "256", "4"),
        ({"memory": "512Mi", "cpu": "250m"}, "128", "1"),
        ({"memory": "2G", "cpu": "1.5"}, "476", "3"),
        ({}, None, None),
    ],
)
def test_the_memory_cache_is_a_quarter_of_the_limit_and_renders_twice_the_cpus(context, limits, cache, renders):
    found = variables(context, resources={"limits": limits})
    assert (found.get("IMAGE_MEM_CACHE_MB"), found.get("RENDER_CONCURRENCY")) == (cache, renders)


def test_what_the_spec_says_of_rendering_wins(context):
    found = variables(context, render={"memoryCacheMB": 64, "concurrency": 7, "quality": 90})
    assert (found["IMAGE_MEM_CACHE_MB"], found["RENDER_CONCURRENCY"], found["IMAGE_QUALITY"]) == ("64", "7", "90")


def test_a_file_is_never_open_in_two_pods(context):
    sqlite = built(context)["Deployment", "posters"]["spec"]["strategy"]
    shared = built(context, database=POSTGRESQL)["Deployment", "posters"]["spec"]["strategy"]
    folder = built(context, database=POSTGRESQL, imageStore={"type": "filesystem"})["Deployment", "posters"]["spec"][
        "strategy"
    ]
    assert sqlite == folder == {"type": "Recreate"}
    assert shared == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}


def test_the_migration_goes_where_the_volume_is(context):
    jobs = [each for (kind, _), each in built(context).items() if kind == "Job"]
    (term,) = jobs[0]["spec"]["template"]["spec"]["affinity"]["podAffinity"][
        "requiredDuringSchedulingIgnoredDuringExecution"
    ]
    wanted = term["labelSelector"]["matchLabels"].items()
    for template in (jobs[0], built(context)["Deployment", "posters"]):
        assert wanted <= template["spec"]["template"]["metadata"]["labels"].items()


def migration(context, **members):
    (name,) = (name for kind, name in built(context, **members) if kind == "Job")
    return name


def test_a_migration_is_named_for_the_image_and_the_database_alone(context):
    database = {"database": POSTGRESQL}
    first = migration(context, **database)
    assert (
        migration(context, **database, render={"quality": 50}, extraEnv=[{"name": "LOG_LEVEL", "value": "debug"}])
        == first
    )
    assert migration(context, **database, image={"tag": "9.9.9"}) != first
    moved = dataclasses.replace(context, digests={**context.digests, "db": "another"})
    assert migration(moved, **database) != first


@pytest.mark.parametrize("secret", ["upstreams", "posters-redis", "posters-admin", "posters-auth"])
def test_a_changed_secret_rolls_the_pods(context, secret):
    changed = dataclasses.replace(context, digests={**context.digests, secret: "changed"})
    assert config_hash(make(), changed) != config_hash(make(), context)


def test_a_secret_that_is_not_read_rolls_nothing(context):
    changed = dataclasses.replace(context, digests={**context.digests, "other": "changed"})
    assert config_hash(make(), changed) == config_hash(make(), context)


def test_redis_knows_its_limit_its_policy_and_where_its_password_is(context):
    found = built(context, redis={"managed": {"maxMemory": "64Mi", "persistence": {"enabled": True}}})
    text = found["ConfigMap", "posters-redis"]["data"]["redis.conf"]
    assert {"maxmemory 67108864", "maxmemory-policy allkeys-lfu", "appendonly yes"} <= set(text.splitlines())
    assert ("PersistentVolumeClaim", "posters-redis") in found
    container = found["StatefulSet", "posters-redis"]["spec"]["template"]["spec"]["containers"][0]
    assert container["resources"]["limits"]["memory"] == "160Mi"
    assert "requirepass" not in text


def test_only_the_service_reaches_redis(context):
    policy = built(context)["NetworkPolicy", "posters-redis"]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert "egress" not in policy
    (rule,) = policy["ingress"]
    assert rule["from"][0]["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == "server"


def test_an_external_redis_leaves_nothing_of_the_managed_one(context):
    found = built(context, redis={"external": {"urlSecretRef": {"name": "cache"}}})
    assert not [key for key in found if key[1] == "posters-redis"]
    url_reference = variables(context, redis={"external": {"urlSecretRef": {"name": "cache"}}})["REDIS_URL"]
    assert url_reference == {"secretKeyRef": {"name": "cache", "key": "url"}}


def test_an_autoscaled_deployment_names_no_number_of_replicas(context):
    found = built(
        context, database=POSTGRESQL, autoscaling={"minReplicas": 3, "maxReplicas": 9, "targetCPUUtilization": 50}
    )
    assert "replicas" not in found["Deployment", "posters"]["spec"]
    scaler = found["HorizontalPodAutoscaler", "posters"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (3, 9)
    assert scaler["metrics"][0]["resource"]["target"]["averageUtilization"] == 50
    assert ("PodDisruptionBudget", "posters") in found


@pytest.mark.parametrize(
    ("members", "there"),
    [
        ({"replicas": 1}, False),
        ({"replicas": 2}, True),
        ({"replicas": 2, "podDisruptionBudget": {"enabled": False}}, False),
        ({"replicas": 1, "podDisruptionBudget": {"enabled": True}}, True),
    ],
)
def test_a_single_pod_has_no_disruption_budget_unless_asked_for(context, members, there):
    assert (("PodDisruptionBudget", "posters") in built(context, database=POSTGRESQL, **members)) is there


def test_a_bucket_is_told_by_url_and_credentials(context):
    store = {
        "type": "s3",
        "s3": {
            "bucket": "posters",
            "prefix": "/a/b/",
            "endpoint": "https://s3.example.com",
            "secretRef": {"name": "keys"},
        },
    }
    found = variables(context, imageStore=store)
    assert found["IMAGE_STORE_URL"] == "s3://posters/a/b"
    assert found["AWS_ENDPOINT_URL"] == "https://s3.example.com"
    assert found["AWS_SECRET_ACCESS_KEY"] == {"secretKeyRef": {"name": "keys", "key": "AWS_SECRET_ACCESS_KEY"}}
    assert found["EXTERNAL_CACHE_ONLY"] == "false"


def test_a_digest_decides_where_there_is_a_tag_as_well(context):
    digest = "sha256:" + "1" * 64
    pod = built(context, image={"repository": "r/p", "tag": "1", "digest": digest})["Deployment", "posters"]["spec"][
        "template"
    ]["spec"]
    assert pod["containers"][0]["image"] == f"r/p@{digest}"


@pytest.mark.parametrize(
    ("members", "expected", "secure"),
    [
        ({}, "http://posters.media.svc", "true"),
        ({"ingress": {"host": "p.example.com"}}, "http://p.example.com", "false"),
        ({"ingress": {"host": "p.example.com", "tls": {}}}, "https://p.example.com", "true"),
        ({"gateway": {"host": "p.example.com", "parentRefs": [{"name": "edge"}]}}, "https://p.example.com", "true"),
    ],
)
def test_the_url_is_the_one_that_clients_use(context, members, expected, secure):
    assert url(make(**members), context) == expected
    assert variables(context, **members)["COOKIE_SECURE"] == secure


def test_an_ingress_takes_its_certificate_where_cert_manager_puts_it(context):
    found = built(
        context, ingress={"host": "p.example.com", "tls": {}, "className": "nginx", "annotations": {"a": "b"}}
    )["Ingress", "posters"]
    assert found["spec"]["tls"] == [{"hosts": ["p.example.com"], "secretName": "posters-tls"}]
    assert found["metadata"]["annotations"]["a"] == "b"


MONITORED = {
    kind: {"enabled": True, "labels": {"release": "prometheus"}}
    for kind in ("serviceMonitor", "prometheusRule", "grafanaDashboards")
}


def test_monitoring_is_there_when_asked_for(context):
    found = built(context, monitoring=MONITORED)
    for key in (("ServiceMonitor", "posters"), ("PrometheusRule", "posters"), ("ConfigMap", "posters-dashboard")):
        assert found[key]["metadata"]["labels"]["release"] == "prometheus"


def test_kinds_that_the_cluster_does_not_know_are_left_out(context):
    found = built(dataclasses.replace(context, offered=frozenset()), monitoring=MONITORED)
    assert not {"ServiceMonitor", "PrometheusRule"} & {kind for kind, _ in found}


def test_declared_settings_reach_the_service_in_its_own_names(context):
    found = variables(context, defaults={"ratingsOrder": ["imdb", "lb"], "ratingsLimit": 4, "fanartTextless": True})
    assert found["RENDER_SETTINGS"] == '{"fanart_textless": true, "ratings_limit": 4, "ratings_order": "imdb,lb"}'


def secrets(context, existing=(), rotate="", **members):
    made = missing_secrets(
        make(**members),
        context,
        {each["metadata"]["name"]: each for each in existing},
        rotate=rotate,
        token=lambda length: "ab" * length,
    )
    return {each["metadata"]["name"]: each for each in made}


def test_secrets_are_generated_once(context):
    made = secrets(context)
    assert set(made) == {"posters-admin", "posters-auth", "posters-redis"}
    assert len(made["posters-auth"]["stringData"]["jwt-secret"]) == 64
    redis = made["posters-redis"]["stringData"]
    assert redis["url"] == f"redis://:{redis['password']}@posters-redis.media.svc:6379/0"
    assert secrets(context, existing=made.values()) == {}


def test_the_signing_key_alone_rotates(context):
    made = secrets(context)
    assert set(secrets(context, existing=made.values(), rotate="2026-11")) == {"posters-auth"}
    rotated = {**made, **secrets(context, existing=made.values(), rotate="2026-11")}
    assert secrets(context, existing=rotated.values(), rotate="2026-11") == {}


def test_secrets_of_the_users_are_not_generated(context):
    members = {
        "admin": {"secretRef": {"name": "mine"}},
        "auth": {"jwtSecretRef": {"name": "mine", "key": "k"}},
        "redis": {"external": {"urlSecretRef": {"name": "mine"}}},
    }
    assert secrets(context, **members) == {}
