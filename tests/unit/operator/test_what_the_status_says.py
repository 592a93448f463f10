"""Problems, conditions and Events."""

import pytest

from openposterdb_operator.decide.conditions import find_conditions, happenings, invalid_spec, merge_conditions
from openposterdb_operator.decide.observation import Observation
from openposterdb_operator.decide.problems import find_problems
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import OpenPosterDBSpec
from tests.unit.operator.conftest import UPSTREAMS

SOUND = {
    "upstreams": {"TMDB_API_KEY": "t", "MDBLIST_API_KEY": "m"},
    "posters-admin": {"username": "admin", "password": "p"},
    "posters-auth": {"jwt-secret": "0" * 64},
    "posters-redis": {
        "password": "p",
        "url": "redis://:p@posters-redis.media.svc:6379/0",
        "auth.conf": "requirepass p\n",
    },
}
DONE = {"metadata": {"name": "posters-migrate-1"}, "status": {"conditions": [{"type": "Complete", "status": "True"}]}}
FAILED = {
    "metadata": {"name": "posters-migrate-1"},
    "status": {
        "conditions": [
            {
                "type": "Failed",
                "status": "True",
                "message": "backoff limit",
                "lastTransitionTime": "2026-11-22T20:00:00Z",
            }
        ]
    },
}
REDIS = {"status": {"readyReplicas": 1}}


def make(**members):
    return OpenPosterDBSpec.model_validate({"upstreams": UPSTREAMS, **members})


def deployment(ready=1, wanted=1, **status):
    return {
        "metadata": {"generation": 2},
        "spec": {"replicas": wanted},
        "status": {
            "observedGeneration": 2,
            "replicas": wanted,
            "updatedReplicas": wanted,
            "readyReplicas": ready,
            "availableReplicas": ready,
            **status,
        },
    }


def conditions(spec, observation):
    return {each.type: (each.status, each.reason) for each in find_conditions(spec, observation)}


def test_all_is_well():
    found = conditions(make(), Observation(deployment=deployment(), migration=DONE, redis=REDIS))
    assert found == {
        "Ready": ("True", "Available"),
        "Progressing": ("False", "Settled"),
        "Degraded": ("False", "AsExpected"),
        "DatabaseReady": ("True", "Migrated"),
        "RedisReady": ("True", "RedisReady"),
        "CDNReady": ("True", "NotConfigured"),
    }


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        (
            Observation(),
            {
                "Ready": ("False", "Migrating"),
                "Progressing": ("True", "Migrating"),
                "DatabaseReady": ("False", "Migrating"),
            },
        ),
        (
            Observation(migration=FAILED),
            {
                "Ready": ("False", "MigrationFailed"),
                "Degraded": ("True", "MigrationFailed"),
                "DatabaseReady": ("False", "MigrationFailed"),
            },
        ),
        (
            Observation(migration=FAILED, deployment=deployment()),
            {"Ready": ("True", "Available"), "Degraded": ("True", "MigrationFailed")},
        ),
        (Observation(migration=DONE), {"Ready": ("False", "Starting"), "Progressing": ("True", "RollingOut")}),
        (
            Observation(migration=DONE, deployment=deployment(ready=0)),
            {"Ready": ("False", "Starting"), "Progressing": ("True", "RollingOut")},
        ),
        (
            Observation(migration=DONE, deployment=deployment(observedGeneration=1)),
            {"Ready": ("True", "Available"), "Progressing": ("True", "RollingOut")},
        ),
        (
            Observation(
                migration=DONE,
                deployment=deployment(
                    ready=0,
                    conditions=[{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}],
                ),
            ),
            {"Progressing": ("False", "RolloutStuck"), "Degraded": ("True", "RolloutStuck")},
        ),
    ],
)
def test_where_a_rollout_is(observation, expected):
    assert expected.items() <= conditions(make(), observation).items()


def test_nothing_is_wanted_and_nothing_serves():
    found = conditions(make(replicas=0), Observation(migration=DONE, deployment=deployment(ready=0, wanted=0)))
    assert found["Ready"] == ("False", "ScaledToZero")
    assert found["Degraded"] == ("False", "AsExpected")


def problems(context, secrets, **members):
    return [(each.reason, each.message, each.blocking) for each in find_problems(make(**members), context, secrets)]


def test_sound_secrets_are_no_problem(context):
    assert problems(context, SOUND) == []


@pytest.mark.parametrize(
    ("secrets", "reason", "part"),
    [
        ({"upstreams": None}, "SecretMissing", "Secret media/upstreams (upstreams.secretRef) does not exist"),
        ({"upstreams": {"MDBLIST_API_KEY": "m"}}, "SecretKeyMissing", "no member TMDB_API_KEY"),
        ({"upstreams": {"TMDB_API_KEY": "", "OMDB_API_KEY": "m"}}, "SecretKeyMissing", "or it is empty"),
        ({"upstreams": {"TMDB_API_KEY": "t"}}, "SecretKeyMissing", "MDBLIST_API_KEY or OMDB_API_KEY"),
        ({"posters-auth": {"jwt-secret": "short"}}, "SecretInvalid", "64 hexadecimal digits"),
    ],
)
def test_a_bad_secret_is_named_with_its_field(context, secrets, reason, part):
    given = {name: value for name, value in {**SOUND, **secrets}.items() if value is not None}
    ((found, message, blocking),) = problems(context, given)
    assert (found, blocking) == (reason, True)
    assert part in message


@pytest.mark.parametrize("url", ["mysql://u:geheim@h/n", "postgresql://", "geheim", "postgresql://u:geheim@h"])
def test_a_bad_database_url_is_a_problem_that_does_not_show_it(context, url):
    members = {"database": {"type": "postgresql", "urlSecretRef": {"name": "db"}}}
    ((reason, message, _),) = problems(context, {**SOUND, "db": {"url": url}}, **members)
    assert reason == "DatabaseURLInvalid"
    assert "geheim" not in message
    assert problems(context, {**SOUND, "db": {"url": "postgresql+asyncpg://u:p@h:5432/n?ssl=require"}}, **members) == []


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("redis://:p@cache:6379/0", []),
        ("rediss://u:p@cache/1", []),
        ("redis+sentinel://:p@one,two:26379/main/0?sentinel_password=", []),
        ("rediss+sentinel://one/main", []),
        ("http://u:geheim@cache", ["SecretInvalid"]),
    ],
)
def test_every_form_of_a_redis_is_taken(context, url, found):
    members = {"redis": {"external": {"urlSecretRef": {"name": "cache"}}}}
    told = problems(context, {**SOUND, "cache": {"url": url}}, **members)
    assert [reason for reason, _, _ in told] == found
    assert "geheim" not in str(told)


def test_missing_monitoring_kinds_degrade_and_block_nothing(context):
    import dataclasses

    members = {"monitoring": {"serviceMonitor": {"enabled": True}}}
    spec = make(**members)
    found = find_problems(spec, dataclasses.replace(context, offered=frozenset()), SOUND)
    assert [(each.reason, each.blocking) for each in found] == [("MonitoringCRDsMissing", False)]
    states = conditions(spec, Observation(deployment=deployment(), migration=DONE, redis=REDIS, problems=found))
    assert states["Ready"] == ("True", "Available")
    assert states["Degraded"] == ("True", "MonitoringCRDsMissing")


def test_a_problem_while_pods_serve_degrades_them_and_does_not_call_them_unready(context):
    found = find_problems(make(), context, {})
    states = conditions(make(), Observation(deployment=deployment(), migration=DONE, problems=found))
    assert states["Ready"] == ("True", "Available")
    assert states["Degraded"] == ("True", "SecretMissing")
    assert conditions(make(), Observation(problems=found))["Ready"] == ("False", "SecretMissing")


def test_the_time_of_transition_moves_with_the_status_alone():
    first = merge_conditions(
        (), find_conditions(make(), Observation(migration=DONE)), generation=1, now="2026-01-01T00:00:00Z"
    )
    serving = Observation(migration=DONE, deployment=deployment(), redis=REDIS)
    second = {
        each.type: each
        for each in merge_conditions(first, find_conditions(make(), serving), generation=2, now="2026-01-02T00:00:00Z")
    }
    assert second["Ready"].last_transition_time == "2026-01-02T00:00:00Z"
    assert second["DatabaseReady"].last_transition_time == "2026-01-01T00:00:00Z"
    assert {each.observed_generation for each in second.values()} == {2}


def events(before, after):
    previous = merge_conditions((), find_conditions(make(), before), generation=1, now="t")
    return [
        (each.type, each.reason)
        for each in happenings(
            previous, merge_conditions(previous, find_conditions(make(), after), generation=1, now="u")
        )
    ]


def test_what_changed_is_told_once(context):
    missing = Observation(problems=find_problems(make(), context, {}))
    serving = Observation(deployment=deployment(), migration=DONE, redis=REDIS)
    assert ("Warning", "SecretMissing") in events(Observation(), missing)
    assert events(missing, missing) == []
    assert ("Normal", "Available") in events(missing, serving)
    assert events(serving, serving) == []


def test_a_spec_that_cannot_be_read_says_so_and_forgets_nothing_else():
    before = merge_conditions((), find_conditions(make(), Observation(migration=DONE)), generation=1, now="t")
    after = {
        each.type: each
        for each in merge_conditions(before, invalid_spec("replicas: not a number"), generation=2, now="u")
    }
    assert after["Degraded"].reason == "InvalidSpec"
    assert after["DatabaseReady"].status == "True"


def test_every_reason_is_documented_in_camel_case():
    assert all(
        reason.value.isalnum() and reason.value[0].isupper() and reason.meaning.endswith(".") for reason in Reason
    )
