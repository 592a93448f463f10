"""`helm install`, `upgrade`, `rollback` and `uninstall` of both charts. No image is run at the level control-plane."""

import json
from pathlib import Path

import pytest
import yaml

from tests.cluster.conftest import CHARTS
from tests.cluster.kubectl import eventually, resource, sh

CHART = CHARTS / "openposterdb-operator"
PREVIOUS = Path(__file__).parent / "previous"


@pytest.fixture
def helm(cluster):
    def run(*arguments, **options):
        return sh("helm", "-n", cluster.namespace, *arguments, **options)

    yield run
    run("uninstall", "operator", "--ignore-not-found")


@pytest.fixture
def own_group(cluster):
    """Gives a chart definitions that no other test uses: they come and go with the release, and short names are nobody else's."""
    group = f"{cluster.namespace}.example.com"

    def rename(folder):
        for path in (folder / "files/crds").glob("*.yaml"):
            text = path.read_text().replace("openposterdb.io", group)
            path.write_text(text.replace("- opdb\n", "- mine\n").replace("- pkey\n", "- minekey\n"))

    yield group, rename
    sh("kubectl", "delete", "crd", f"openposterdbs.{group}", f"posterkeys.{group}", "--ignore-not-found")


@pytest.fixture
def chart(own_group, tmp_path):
    """The operator's chart, and the group of its definitions."""
    group, rename = own_group
    copy = tmp_path / "openposterdb-operator"
    sh("cp", "-r", CHART, copy)
    rename(copy)
    return copy, group


@pytest.fixture
def previous(own_group, tmp_path):
    """The operator's chart before this one."""
    (package,) = PREVIOUS.glob("openposterdb-operator-*.tgz")
    folder = tmp_path / "previous"
    folder.mkdir()
    sh("tar", "-xzf", package, "-C", folder)
    own_group[1](folder / "openposterdb-operator")
    return folder / "openposterdb-operator"


def served(group):
    """The fields of a spec that the API server knows."""
    told = json.loads(sh("kubectl", "get", "crd", f"openposterdbs.{group}", "-o", "json").stdout)
    return told["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]


def packaged(folder):
    path = folder / "files/crds/openposterdbs.openposterdb.io.yaml"
    return yaml.safe_load(path.read_text())["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]


def test_the_previous_chart_is_upgraded_to_this_one_and_back_with_all_there_is(cluster, helm, chart, previous):
    folder, group = chart
    helm("install", "operator", previous, "--set", "replicas=1", "--wait", "--timeout=2m")
    sh("kubectl", "wait", "--for=condition=Established", f"crd/openposterdbs.{group}", "--timeout=30s")
    mine = {**resource("mine"), "apiVersion": f"{group}/v1alpha1"}
    eventually(lambda: cluster.apply(mine, check=False).returncode == 0)

    def there():
        kind = f"openposterdbs.{group}"
        return json.loads(cluster.kubectl("get", kind, "mine", "-o", "json").stdout)["metadata"]["uid"]

    before = there()
    helm("upgrade", "operator", folder, "--reuse-values", "--wait", "--timeout=2m")
    assert set(served(group)["properties"]) == set(packaged(folder)["properties"])
    assert there() == before
    helm("rollback", "operator", "1", "--wait", "--timeout=2m")
    assert set(served(group)["properties"]) == set(packaged(previous)["properties"])
    assert there() == before
    helm("uninstall", "operator", "--wait")
    assert there() == before, "crds.keep is the default"


def test_an_operator_is_installed_upgraded_rolled_back_and_removed(cluster, helm, chart):
    folder, group = chart
    definition = f"openposterdbs.{group}"
    helm("install", "operator", folder, "--set", "replicas=1", "--wait", "--timeout=2m")
    assert sh("kubectl", "get", "crd", definition, check=False).returncode == 0
    assert "kubectl -n media wait" in helm("get", "notes", "operator").stdout

    # a newer chart brings a newer definition, which Helm would not do for a folder crds/
    path = folder / "files/crds/openposterdbs.openposterdb.io.yaml"
    path.write_text(path.read_text().replace("- mine\n", "- mine\n    - newer\n"))
    helm("upgrade", "operator", folder, "--set", "replicas=2", "--wait", "--timeout=2m")
    assert cluster.get("deployment", "operator-openposterdb-operator")["spec"]["replicas"] == 2
    names = json.loads(sh("kubectl", "get", "crd", definition, "-o", "json").stdout)["spec"]["names"]
    assert names["shortNames"] == ["mine", "newer"]

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
