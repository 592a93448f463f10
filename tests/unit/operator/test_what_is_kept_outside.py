"""Cache rules of a zone, Secrets of keys, and the variables that a service is given."""

import base64

from openposterdb.config import Environment
from openposterdb.settings.declared import parse_declared
from openposterdb_operator.builders.cdn import build_cache_rules, mark
from openposterdb_operator.builders.environment import build_environment
from openposterdb_operator.builders.posterkey import build_key_secret, display_name, is_key, make_key
from openposterdb_operator.decide.cdn import plan_rules, wanted_settings
from openposterdb_operator.model import OpenPosterDBSpec, PosterKeySpec
from openposterdb_operator.model.settings import RenderSettings
from tests.unit.operator.conftest import UPSTREAMS

THEIRS = {"id": "1", "ref": "1", "expression": "(true)", "action": "set_cache_settings"}
AWS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL"}


def spec(**members):
    return OpenPosterDBSpec.model_validate({"upstreams": UPSTREAMS, **members})


def live(rules):
    return [{**rule, "id": f"id-{number}", "version": "1"} for number, rule in enumerate(rules)]


def test_a_zone_as_wanted_needs_nothing(context):
    rules = build_cache_rules(spec(), context)
    plan = plan_rules([THEIRS, *live(rules)], rules, mark(context.uid))
    assert (plan.add, plan.change, plan.take) == ((), {}, ())
    assert plan.describe() == []


def test_what_is_missing_changed_or_left_over_is_told_and_others_are_not_touched(context):
    images, assets = build_cache_rules(spec(), context)
    old = {**images, "ref": f"{mark(context.uid)}old", "id": "id-9"}
    plan = plan_rules([THEIRS, *live([{**images, "enabled": False}]), old], [images, assets], mark(context.uid))
    assert (plan.add, plan.change, plan.take) == ((assets,), {"id-0": images}, ("id-9",))
    assert len(plan.describe()) == 3


def test_rules_are_for_the_host_alone_where_there_is_one(context):
    with_host = build_cache_rules(spec(ingress={"host": "posters.example.com"}), context)
    assert all('http.host eq "posters.example.com"' in rule["expression"] for rule in with_host)
    assert all("http.host" not in rule["expression"] for rule in build_cache_rules(spec(), context))
    assert wanted_settings(tiered=False) == {"settings/browser_cache_ttl": 0}


def test_a_key_and_its_secret():
    key = make_key()
    assert is_key(key)
    assert not is_key(f"{key} ")
    declared = PosterKeySpec.model_validate({"instanceRef": {"name": "posters"}, "secretName": "other"})
    metadata = {"name": "mine", "namespace": "media", "uid": "u"}
    manifest = build_key_secret(metadata, declared, key, "https://posters.example.com")
    assert manifest["metadata"]["name"] == "other"
    assert base64.b64decode(manifest["data"]["key"]).decode() == key
    assert base64.b64decode(manifest["data"]["url"]).decode().startswith(f"https://posters.example.com/{key}/imdb/")
    assert len(display_name("n" * 63, "x" * 253, declared).encode()) == 128


def test_a_service_reads_every_variable_that_it_is_given(context):
    everything = spec(
        database={"type": "postgresql", "urlSecretRef": {"name": "db"}},
        imageStore={
            "type": "s3",
            "s3": {"bucket": "posters", "endpoint": "https://s3.example.com", "secretRef": {"name": "s"}},
        },
        defaults={"ratingsLimit": 2},
        upstreams={**UPSTREAMS, "baseURLs": {"tmdb": "http://double/3"}},
    )
    given = {variable["name"] for variable in build_environment(everything, context)}
    assert {name for name in given if name.lower() not in Environment.model_fields} - AWS == set()


def test_declared_settings_are_such_as_the_service_takes(context):
    orders = {"ratingsOrder": ["imdb", "tmdb"], "ratingsExclude": ["mal"]}
    every = RenderSettings.model_validate({**orders, "posterSource": "f", "maxBytes": 10_000, "fanartTextless": True})
    (text,) = [
        variable["value"]
        for variable in build_environment(spec(defaults=every.model_dump(by_alias=True, exclude_none=True)), context)
        if variable["name"] == "RENDER_SETTINGS"
    ]
    assert parse_declared(text) == {
        "ratings_order": "imdb,tmdb",
        "ratings_exclude": "mal",
        "poster_source": "f",
        "max_bytes": 10_000,
        "fanart_textless": True,
    }
