"""Cloudflare before a double of its API: rules and settings brought, kept, shown and undone, those of others left alone."""

import pytest

from tests.cluster.cloudflare import Cloudflare, Zone
from tests.cluster.kubectl import eventually

ZONE, ANOTHER = "0" * 32, "1" * 32
TOKEN = "a-token-that-may-edit-this-zone"
THEIRS = [
    {
        "expression": '(http.host eq "shop.example.com")',
        "action": "set_cache_settings",
        "action_parameters": {"cache": False},
    },
    {"expression": "(true)", "action": "set_cache_settings", "action_parameters": {"cache": True}, "ref": "theirs"},
]
TTL, TIERED, SMART = "settings/browser_cache_ttl", "argo/tiered_caching", "cache/tiered_cache_smart_topology_enable"


@pytest.fixture
def cloudflare():
    double = Cloudflare()
    double.tokens.add(TOKEN)
    double.zones[ZONE] = Zone(*THEIRS)
    double.zones[ANOTHER] = Zone()
    yield double
    double.close()


@pytest.fixture
def variables(cloudflare):
    return {"CLOUDFLARE_API_URL": cloudflare.url, "OUTSIDE_CHECK_SECONDS": "2"}


def cdn(zone=ZONE, **members):
    reference = {"name": "cloudflare", "key": "token"}
    return {"redirects": True, "cloudflare": {"zoneID": zone, "apiTokenSecretRef": reference, **members}}


def posters(cluster, name="posters", zone=ZONE, **members):
    cluster.posters(name, cdn=cdn(zone, **members), ingress={"host": f"{name}.example.com"})


def configured(cluster, name="posters"):
    return cluster.conditions(name).get("CDNReady") in {("True", "CDNConfigured"), ("True", "CDNDriftCorrected")}


@pytest.fixture
def zone(cluster, operator, cloudflare):
    """A zone as the service needs it."""
    cluster.secret()
    cluster.secret("cloudflare", token=TOKEN)
    posters(cluster)
    eventually(lambda: configured(cluster), 20)
    return cloudflare.zones[ZONE]


def theirs(zone):
    return [rule for rule in zone.rules if not rule["ref"].startswith("openposterdb_")]


def test_rules_and_settings_are_brought_kept_and_undone(cluster, zone, cloudflare):
    before = [dict(rule) for rule in theirs(zone)]
    assert [rule["ref"].rpartition("_")[2] for rule in zone.rules[-2:]] == ["images", "assets"]
    images, assets = zone.rules[-2:]
    assert images["expression"] == '(http.host eq "posters.example.com" and starts_with(http.request.uri.path, "/c/"))'
    assert images["action_parameters"] == {
        "cache": True,
        "edge_ttl": {"mode": "respect_origin"},
        "browser_ttl": {"mode": "respect_origin"},
    }
    year = {"mode": "override_origin", "default": 31536000}
    assert assets["action_parameters"] == {"cache": True, "edge_ttl": year, "browser_ttl": year}
    assert zone.settings == {TTL: 0, TIERED: "on", SMART: "on"}

    written, asked = len(cloudflare.writes), cloudflare.asked
    eventually(lambda: cloudflare.asked > asked + 4, 20)
    assert len(cloudflare.writes) == written, "nothing is written when nothing changed"

    images["action_parameters"] = {"cache": False}
    zone.rules.remove(assets)
    zone.settings[TTL] = 3600
    eventually(lambda: zone.named("assets") and zone.named("images")["action_parameters"]["cache"], 20)
    eventually(lambda: zone.settings[TTL] == 0)
    told = eventually(lambda: [text for reason, text in cluster.events() if reason == "CDNDriftCorrected"], 10)
    assert "rule images was changed" in told[0]
    eventually(lambda: cluster.conditions()["CDNReady"] == ("True", "CDNConfigured"), 20)
    assert theirs(zone) == before
    assert [rule["ref"] for rule in zone.rules[:2]] == [rule["ref"] for rule in before], "in place and in order"

    cluster.kubectl("delete", "opdb", "posters", "--timeout=60s")
    assert zone.rules == before
    assert zone.settings == {TTL: 14400, TIERED: "off", SMART: "off"}


def test_two_services_in_one_zone_do_not_fight(cluster, zone, cloudflare):
    posters(cluster, "films")
    eventually(lambda: configured(cluster, "films"), 20)
    assert len(zone.rules) == len(THEIRS) + 4
    written, asked = len(cloudflare.writes), cloudflare.asked
    eventually(lambda: cloudflare.asked > asked + 12, 30)
    assert len(cloudflare.writes) == written

    cluster.kubectl("delete", "opdb", "posters", "--timeout=60s")
    assert len(zone.rules) == len(THEIRS) + 2
    assert zone.settings[TTL] == 0, "the other one needs it"
    cluster.kubectl("delete", "opdb", "films", "--timeout=60s")
    assert zone.rules == theirs(zone)
    assert zone.settings == {TTL: 14400, TIERED: "off", SMART: "off"}, "as it was before the first one"


def test_another_zone_and_none_undo_what_was_made(cluster, zone, cloudflare):
    posters(cluster, zone=ANOTHER, tieredCache=False)
    other = cloudflare.zones[ANOTHER]
    eventually(lambda: len(other.rules) == 2, 20)
    assert zone.rules == theirs(zone)
    assert other.settings == {TTL: 0, TIERED: "off", SMART: None}
    cluster.posters()
    eventually(lambda: other.rules == [] and other.settings[TTL] == 14400, 20)
    eventually(lambda: "finalizers" not in cluster.get("opdb", "posters")["metadata"])
    eventually(lambda: cluster.conditions()["CDNReady"] == ("True", "NotConfigured"))


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"token": "another-token-of-somebody"}, "CloudflareTokenRefused"),
        ({"token": "no token"}, "CloudflareTokenRefused"),
        ({"other": "x"}, "SecretKeyMissing"),
        (None, "SecretMissing"),
    ],
)
def test_a_refused_token_is_told_within_ten_seconds_and_mends_itself(cluster, operator, cloudflare, members, reason):
    cluster.secret()
    if members is not None:
        cluster.secret("cloudflare", **members)
    posters(cluster)
    eventually(lambda: cluster.conditions().get("CDNReady") == ("False", reason), 10)
    eventually(lambda: reason in dict(cluster.events()), 10)
    assert members is None or not any(
        value in str(cluster.get("opdb", "posters")) for value in members.values() if len(value) > 5
    )
    cluster.secret("cloudflare", token=TOKEN)
    eventually(lambda: configured(cluster), 10)
    cluster.wait_ready()
    eventually(lambda: cluster.conditions()["Degraded"] == ("False", "AsExpected"))


def test_a_zone_that_cannot_be_undone_holds_its_resource_until_somebody_lets_go(cluster, zone, cloudflare):
    cloudflare.tokens.clear()
    cluster.kubectl("delete", "opdb", "posters", "--wait=false")
    eventually(lambda: cluster.conditions().get("CDNReady") == ("False", "CDNNotUndone"), 20)
    assert "openposterdb.io/abandon=true" in cluster.condition("opdb", "posters", "CDNReady")[1]
    cluster.kubectl("annotate", "opdb", "posters", "openposterdb.io/abandon=true")
    eventually(lambda: cluster.get("opdb", "posters") is None, 20)
    eventually(lambda: "CDNAbandoned" in dict(cluster.events()))


def test_a_zone_that_is_gone_holds_nothing(cluster, zone, cloudflare):
    del cloudflare.zones[ZONE]
    cluster.kubectl("delete", "opdb", "posters", "--timeout=60s")


def test_an_operator_that_dies_leaves_no_second_rule(cluster, zone, operator, cloudflare):
    operator.kill()
    zone.rules.remove(zone.named("images"))
    operator.start("first", wait=False)
    eventually(lambda: zone.named("images"), 40)
    assert len(zone.rules) == len(THEIRS) + 2
    cluster.kubectl("delete", "opdb", "posters", "--wait=false")
    operator.kill()
    operator.start("first", wait=False)
    eventually(lambda: cluster.get("opdb", "posters") is None, 60)
    assert zone.rules == theirs(zone)
