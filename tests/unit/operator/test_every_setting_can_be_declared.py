"""What the service can be told is what an `OpenPosterDB` can say, and the service understands every word of it."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from openposterdb.config import Environment
from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.environment import build_environment
from openposterdb_operator.model import OpenPosterDBSpec
from openposterdb_operator.model.spec import OPERATORS_VARIABLES
from tests.unit.operator.conftest import UPSTREAMS
from tests.unit.operator.specs import specs

PAGE = Path(__file__).parents[3] / "docs/configuration.md"

NO_FIELD = {
    "WORKERS": "a pod has one process, which uses all of its cores; replicas are more",
    "PROMETHEUS_MULTIPROC_DIR": "only several workers need it",
    "STATIC_DIR": "a web of one's own comes in an image of one's own, which sets it",
    "SETUP_TOKEN": "the operator makes the first administrator, so nothing is set up over HTTP",
    "DRAIN_LINGER_SECS": "a pod pauses before it is told to stop, which is long enough for its endpoints to go",
    "CROSS_ID_CONCURRENCY": "has no effect",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "rare; extraEnv takes it beside whatever else OpenTelemetry reads",
}
FROM_SECRETS = {
    "TMDB_API_KEY": "t",
    "MDBLIST_API_KEY": "m",
    "OMDB_API_KEY": "o",
    "FANART_API_KEY": "f",
    "ADMIN_USERNAME": "admin",
    "ADMIN_PASSWORD": "a long password",
    "JWT_SECRET": "0" * 64,
    "REDIS_URL": "redis://redis:6379/0",
    "DATABASE_URL": "postgresql://u:p@h/n",
}


def known_to_the_service():
    for name, field in Environment.model_fields.items():
        alias = field.validation_alias
        yield (alias.choices[0] if alias is not None else name).upper()


def documented():
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", PAGE.read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_every_setting_of_the_service_is_a_field_or_has_a_reason():
    settings = set(known_to_the_service()) | documented()
    assert len(settings) > 55
    assert settings - set(OPERATORS_VARIABLES) == NO_FIELD.keys()


def test_no_field_sets_what_the_service_does_not_read():
    libraries = {"AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_SECRET_ACCESS_KEY"}
    assert set(OPERATORS_VARIABLES) - set(known_to_the_service()) == libraries


def told(spec, context):
    """The variables of a pod, with something in each Secret."""
    return {
        each["name"]: each["value"] if "value" in each else FROM_SECRETS.get(each["name"], "x")
        for each in build_environment(spec, context)
    }


def understood(monkeypatch, variables):
    for name in {*known_to_the_service(), *variables}:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Environment(_env_file=None)


@settings(deadline=None, max_examples=100)
@given(spec=specs)
def test_the_service_starts_with_whatever_a_spec_leads_to(spec):
    context = Context(name="posters", namespace="media", uid="1")
    with pytest.MonkeyPatch.context() as monkeypatch:
        environment = understood(monkeypatch, told(spec, context))
    assert environment.image_quality == spec.render.quality
    assert environment.public_pages == spec.web.public_pages
    assert len(environment.trusted_proxies) == len(spec.http.trusted_proxies)


def test_what_is_not_said_is_the_services_own_default(context, monkeypatch):
    smallest = OpenPosterDBSpec.model_validate({"upstreams": UPSTREAMS, "resources": {}})
    environment = understood(monkeypatch, told(smallest, context))
    plain = understood(monkeypatch, {name: FROM_SECRETS[name] for name in ("TMDB_API_KEY", "MDBLIST_API_KEY")})
    decided = {name for name in Environment.model_fields if getattr(environment, name) != getattr(plain, name)}
    assert decided == {
        *(name.lower() for name in FROM_SECRETS if name not in ("TMDB_API_KEY", "MDBLIST_API_KEY", "DATABASE_URL")),
        "db_dir",
        "cache_dir",
        "external_cache_only",  # imageStore.type is none
        "free_key_enabled",  # declared, not left to the stored setting
    }


def test_every_field_has_its_variable(context):
    spec = OpenPosterDBSpec.model_validate(
        {
            "upstreams": {
                **UPSTREAMS,
                "quotas": {"tmdb": "40/s", "fanart": "off", "mdblist": "1000/day", "omdb": "5/s 1000/day"},
            },
            "render": {"memoryMB": 300},
            "imageStore": {"type": "filesystem", "filesystem": {"size": "10Gi"}},
            "art": {"staleSeconds": 60},
            "http": {
                "trustedProxies": ["10.0.0.0/8", "2001:db8::1"],
                "rateLimits": {"images": "100/2", "cdn": "off", "keys": "9/0.5", "logins": "3/0.1"},
                "deadlineSeconds": 10,
                "corsOrigin": "https://a.example.com",
            },
            "web": {"publicPages": False, "wallTitles": ["imdb/tt0017136", "tmdb/movie-278"]},
            "logs": {"level": "debug", "access": "problems"},
            "monitoring": {"traces": {"endpoint": "http://collector:4318"}},
        }
    )
    found = told(spec, context)
    assert {
        "TMDB_QUOTA": "40/s",
        "FANART_QUOTA": "off",
        "MDBLIST_QUOTA": "1000/day",
        "OMDB_QUOTA": "5/s 1000/day",
        "RENDER_MEMORY_MB": "300",
        "CACHE_MAX_MB": "9216",
        "IMAGE_STALE_SECS": "60",
        "TRUSTED_PROXIES": "10.0.0.0/8,2001:db8::1",
        "IMAGE_RATE_LIMIT": "100/2",
        "CDN_RATE_LIMIT": "off",
        "IS_VALID_RATE_LIMIT": "9/0.5",
        "AUTH_RATE_LIMIT": "3/0.1",
        "REQUEST_DEADLINE_SECS": "10",
        "CORS_ORIGIN": "https://a.example.com",
        "PUBLIC_PAGES": "false",
        "WALL_TITLES": "imdb/tt0017136,tmdb/movie-278",
        "LOG_LEVEL": "debug",
        "ACCESS_LOG": "problems",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318",
    }.items() <= found.items()


def test_a_network_that_is_none_is_named():
    body = {"upstreams": UPSTREAMS, "http": {"trustedProxies": ["10.0.0.0/99"]}}
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        OpenPosterDBSpec.model_validate(body)
