"""docs/kubernetes.md, run as written, in order: a poster from real pods, metrics, backup and restore."""

import json
import re

from openposterdb_operator.builders.alerts import ALERTS, OPERATOR_ALERTS
from openposterdb_operator.builders.dashboards import OPERATOR, POSTERS
from tests.cluster.kubectl import eventually, sh
from tests.cluster.node.conftest import POSTER, ROOT, VERSION, is_poster, lines


def new_key(media):
    return media.kubectl("exec", "deployment/posters", "--", "openposterdb", "keys", "create", "test").stdout.strip()


def test_ten_lines_end_in_a_poster(ten_lines, media):
    assert len(lines("ten lines").strip().splitlines()) <= 10
    assert is_poster(ten_lines)
    assert media.conditions()["Ready"][0] == "True"


def test_every_pod_is_admitted_by_a_namespace_that_enforces_restricted(media):
    for namespace in ("media", "openposterdb"):
        answer = sh(
            *("kubectl", "label", "--dry-run=server", "--overwrite", "namespace", namespace),
            "pod-security.kubernetes.io/enforce=restricted",
        )
        assert "violate" not in answer.stderr
    for labels in ("app.kubernetes.io/component=server", "app.kubernetes.io/component=redis"):
        assert media.list("pods", labels)


def test_the_service_gives_the_same_poster_to_everybody_in_the_cluster(media, ask):
    key = new_key(media)
    picture = ask(f"{key}/{POSTER}")
    assert is_poster(picture)
    assert ask(f"{key}/{POSTER}") == picture
    assert is_poster(ask(f"{key}/imdb/backdrop-default/tt99000101.jpg"))
    assert b"<div id=" in ask("login"), "the admin web is in the image"


def test_the_image_runs_as_anybody_and_writes_nowhere_but_its_volumes(media):
    (pod,) = media.list("pods", "app.kubernetes.io/component=server")
    assert pod["spec"]["containers"][0]["image"] == f"openposterdb/openposterdb:{VERSION}"
    told = media.kubectl(
        *("exec", "deployment/posters", "--", "python", "-c"),
        "import os, openposterdb_render; print(os.getuid(), os.access('/app', os.W_OK))",
    ).stdout.split()
    assert told == ["10001", "False"]
    anybody = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "anybody"},
        "spec": {
            "restartPolicy": "Never",
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 1000650000,
                "runAsGroup": 0,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": "doctor",
                    "image": f"openposterdb/openposterdb:{VERSION}",
                    "command": ["openposterdb", "version"],
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "readOnlyRootFilesystem": True,
                        "capabilities": {"drop": ["ALL"]},
                    },
                }
            ],
        },
    }
    media.apply(anybody)
    media.kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/anybody", "--timeout=60s")
    assert media.kubectl("logs", "anybody").stdout.strip() == VERSION
    media.kubectl("delete", "pod", "anybody", "--wait=false")


def names(text):
    return set(re.findall(r"\bopenposterdb_[a-z_]+", text))


def families(scrape):
    return {re.sub(r"_total$", "", name) for name in re.findall(r"^# TYPE (\S+)", scrape, re.MULTILINE)}


def named(panels, alerts):
    text = " ".join([query for panel in panels for query, _ in panel.queries] + [alert.expression for alert in alerts])
    return {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in names(text)}


def test_every_metric_of_dashboards_and_alerts_is_in_a_real_scrape(media, ask):
    (pod,) = media.list("pods", "app.kubernetes.io/component=server")
    scrape = ask("metrics", host=pod["status"]["podIP"], port=9090).decode()
    assert named(POSTERS, ALERTS) <= families(scrape)
    assert re.search(r'^openposterdb_cache_requests_total\{.*layer="memory".*\} [1-9]', scrape, re.MULTILINE)
    operator = ask("metrics", host="operator-openposterdb-operator-metrics.openposterdb", port=8080).decode()
    assert named(OPERATOR, OPERATOR_ALERTS) <= families(operator)


def test_redis_holds_what_was_drawn(media):
    told = media.kubectl("exec", "posters-redis-0", "--", "redis-cli", "dbsize").stdout
    assert int(told) > 0
    assert media.kubectl(
        "exec", "posters-redis-0", "--", "sh", "-c", "REDISCLI_AUTH= redis-cli ping"
    ).stdout.startswith("NOAUTH")


def test_a_changed_secret_replaces_the_pod_and_nothing_is_lost(media, ask):
    (before,) = media.list("pods", "app.kubernetes.io/component=server")
    key = new_key(media)
    media.patch("secret", "upstreams", {"stringData": {"OMDB_API_KEY": "another"}})

    def replaced():
        pods = media.list("pods", "app.kubernetes.io/component=server")
        return len(pods) == 1 and pods[0]["metadata"]["name"] != before["metadata"]["name"]

    eventually(replaced, 120)
    media.wait_ready(seconds=120)
    eventually(lambda: media.conditions()["Progressing"] == ("False", "Settled"), 60)
    assert is_poster(ask(f"{key}/{POSTER}"))


def test_a_backup_makes_another_service_take_the_same_keys(media, type_in, ask):
    key = new_key(media)
    type_in("backup")
    media.kubectl("delete", "opdb", "posters", "--timeout=60s")
    eventually(lambda: media.get("pvc", "posters-database") is None, 90)
    media.kubectl("apply", "-f", ROOT / "charts/openposterdb/examples/demo.yaml")
    media.wait_ready(seconds=180)
    type_in("restore")
    eventually(lambda: is_poster(ask(f"{key}/{POSTER}")), 60)


def test_helm_test_passes(installed):
    answer = sh("helm", "test", "operator", "-n", "openposterdb")
    assert "Phase:          Succeeded" in answer.stdout


def test_nothing_is_logged_but_json_without_keys(media):
    logs = media.kubectl("logs", "-l", "app.kubernetes.io/component=server", "--tail=-1").stdout.splitlines()
    assert logs
    for line in logs:
        assert json.loads(line)
        assert "demo-tmdb-key" not in line
