"""`helm install`, `upgrade`, `rollback` and `uninstall` of both charts. No image is run at the level control-plane."""

import json

import pytest

from tests.cluster.conftest import CHARTS
from tests.cluster.kubectl import eventually, sh

CHART = CHARTS / "openposterdb-operator"


@pytest.fixture
def helm(cluster):
    def run(*arguments, **options):
        return sh("helm", "-n", cluster.namespace, *arguments, **options)

    yield run
    run("uninstall", "operator", "--ignore-not-found")


@pytest.fixture
def chart(cluster, tmp_path):
    """The operator's chart with definitions that no other test uses: they come and go with the release."""
    copy = tmp_path / "openposterdb-operator"
    sh("cp", "-r", CHART, copy)
    group = f"{cluster.namespace}.example.com"
    for path in (copy / "files/crds").glob("*.yaml"):
        path.write_text(path.read_text().replace("openposterdb.io", group))
    yield copy, group
    sh("kubectl", "delete", "crd", f"openposterdbs.{group}", f"posterkeys.{group}", "--ignore-not-found")


def test_an_operator_is_installed_upgraded_rolled_back_and_removed(cluster, helm, chart):
    folder, group = chart
    definition = f"openposterdbs.{group}"
    helm("install", "operator", folder, "--set", "replicas=1", "--wait", "--timeout=2m")
    assert sh("kubectl", "get", "crd", definition, check=False).returncode == 0
    assert "kubectl -n media wait" in helm("get", "notes", "operator").stdout

    # a newer chart brings a newer definition, which Helm would not do for a folder crds/
    path = folder / "files/crds/openposterdbs.openposterdb.io.yaml"
    path.write_text(path.read_text().replace("- opdb\n", "- opdb\n    - opdb2\n"))
    helm("upgrade", "operator", folder, "--set", "replicas=2", "--wait", "--timeout=2m")
    assert cluster.get("deployment", "operator-openposterdb-operator")["spec"]["replicas"] == 2
    names = json.loads(sh("kubectl", "get", "crd", definition, "-o", "json").stdout)["spec"]["names"]
    assert names["shortNames"] == ["opdb", "opdb2"]

    helm("rollback", "operator", "1", "--wait", "--timeout=2m")
    assert cluster.get("deployment", "operator-openposterdb-operator")["spec"]["replicas"] == 1

    helm("uninstall", "operator", "--wait")
    assert cluster.get("deployment", "operator-openposterdb-operator") is None
    assert sh("kubectl", "get", "crd", definition, check=False).returncode == 0, "crds.keep is the default"


def test_definitions_that_are_not_kept_go_with_the_release(helm, chart):
    folder, group = chart
    helm("install", "operator", folder, "--set", "replicas=0,crds.keep=false")
    helm("uninstall", "operator", "--wait")
    eventually(lambda: sh("kubectl", "get", "crd", f"openposterdbs.{group}", check=False).returncode != 0)


def test_a_service_is_installed_changed_and_removed_with_helm(cluster, operator):
    def helm(*arguments):
        return sh("helm", "-n", cluster.namespace, *arguments)

    secret = [
        "--set",
        "upstreamSecret.create=true,upstreamSecret.data.TMDB_API_KEY=t,upstreamSecret.data.OMDB_API_KEY=o",
    ]
    helm("install", "posters", CHARTS / "openposterdb", *secret)
    cluster.wait_ready()
    helm("upgrade", "posters", CHARTS / "openposterdb", *secret, "--set", "ingress.host=posters.example.com")
    eventually(lambda: cluster.get("ingress", "posters"), 10)
    helm("rollback", "posters", "1")
    eventually(lambda: cluster.get("ingress", "posters") is None, 10)
    helm("uninstall", "posters", "--wait")
    eventually(lambda: cluster.get("deployment", "posters") is None, 60)
