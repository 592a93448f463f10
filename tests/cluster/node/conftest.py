"""Real nodes: the images from the project's Containerfiles, the operator installed by its chart, pods that run."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cluster.kubectl import Cluster, sh

ROOT = Path(__file__).parents[3]
VERSION = next(
    line.split()[1]
    for line in (ROOT / "charts/openposterdb/Chart.yaml").read_text().splitlines()
    if line.startswith("appVersion")
)

# Nodes that kwok plays run nothing, and a KUBECONFIG alone is no consent to use that cluster
REAL = os.environ.get("OPENPOSTERDB_E2E") == "1" and os.environ.get("K8S_TESTBED_LEVEL") != "control-plane"
collect_ignore_glob = [] if REAL else ["test_*.py"]


@pytest.fixture(scope="session")
def images():
    """Both images, and what stands in for Redis where no registry can be reached; E2E_IMAGES=there: the nodes have them."""
    if os.environ.get("E2E_IMAGES") == "there":
        return
    subprocess.run([ROOT / "tests/cluster/images.sh"], check=True, timeout=1800)


def explain(*namespaces):
    """What a person would look at first when something did not come up."""
    for namespace in namespaces:
        for arguments in (
            ["get", "pods,opdb,events"],
            ["logs", "-l", "app.kubernetes.io/part-of=openposterdb", "--prefix"],
        ):
            print(sh("kubectl", "-n", namespace, *arguments, check=False).stdout[-5000:])


@pytest.fixture(scope="session")
def installed(images):
    """The operator for the whole cluster, as docs/kubernetes.md installs it; `lines` of it were run already."""
    if sh("kubectl", "get", "crd", "openposterdbs.openposterdb.io", check=False).returncode == 0:
        pytest.fail("this cluster has OpenPosterDB's definitions already: run the suite on one without", pytrace=False)
    yield
    sh("helm", "uninstall", "operator", "-n", "openposterdb", "--wait", "--ignore-not-found")
    sh("kubectl", "delete", "namespace", "openposterdb", "media", "--ignore-not-found", "--timeout=120s")
    crds = ("openposterdbs.openposterdb.io", "posterkeys.openposterdb.io")
    sh("kubectl", "delete", "crd", *crds, "--ignore-not-found", "--timeout=120s")


@pytest.fixture
def media(installed):
    """The namespace of docs/kubernetes.md."""
    return Cluster("media")
