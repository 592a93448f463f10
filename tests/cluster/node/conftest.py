"""Real nodes: the images from the project's Containerfiles, the operator installed by its chart, pods that run."""

import os
import re
import socket
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

PAGE = (ROOT / "docs/kubernetes.md").read_text()
POSTER = "imdb/poster-default/tt99000101.jpg"

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


def lines(name):
    """The commands between the two marks of docs/kubernetes.md."""
    part = re.search(rf"<!-- {name} -->(.*?)<!-- /{name} -->", PAGE, re.DOTALL)[1]
    return "\n".join(re.findall(r"```sh\n(.*?)```", part, re.DOTALL))


def is_poster(picture):
    return picture.startswith(b"\xff\xd8") and picture.endswith(b"\xff\xd9") and len(picture) > 20_000


@pytest.fixture(scope="session")
def installed(images):
    """Room for what docs/kubernetes.md installs: the operator for the whole cluster, and the demo in `media`."""
    if sh("kubectl", "get", "crd", "openposterdbs.openposterdb.io", check=False).returncode == 0:
        pytest.fail("this cluster has OpenPosterDB's definitions already: run the suite on one without", pytrace=False)
    yield
    sh("kubectl", "delete", "opdb", "--all", "-n", "media", "--timeout=60s", check=False)
    sh("helm", "uninstall", "operator", "-n", "openposterdb", "--wait", "--ignore-not-found")
    sh("kubectl", "delete", "namespace", "openposterdb", "media", "--ignore-not-found", "--timeout=120s")
    crds = ("openposterdbs.openposterdb.io", "posterkeys.openposterdb.io")
    sh("kubectl", "delete", "crd", *crds, "--ignore-not-found", "--timeout=120s")


@pytest.fixture(scope="session")
def media(installed):
    """The namespace of docs/kubernetes.md."""
    return Cluster("media")


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Where a person stands who types: a folder of their own with the charts in it."""
    here = tmp_path_factory.mktemp("typing")
    (here / "charts").symlink_to(ROOT / "charts")
    return here


@pytest.fixture(scope="session")
def type_in(media, folder):
    def run(name):
        # What was put into the background ends with the shell
        script = f"set -eu\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{lines(name)}"
        done = subprocess.run(["bash", "-c", script], cwd=folder, text=True, capture_output=True, timeout=600)
        if done.returncode:
            explain("openposterdb", "media")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def ten_lines(type_in, folder):
    """The picture that the ten lines of docs/kubernetes.md end in."""
    type_in("ten lines")
    return (folder / "poster.jpg").read_bytes()


@pytest.fixture
def demo(media, ten_lines):
    """The demo's service, ready."""
    media.wait_ready(seconds=120)
    return media


@pytest.fixture
def ask(media):
    """What a server answers within the cluster, asked from a pod; None for a key that is refused."""

    def fetch(path, host="posters", port=80):
        code = (
            "import sys, urllib.request as u, urllib.error as e\n"
            "try: sys.stdout.buffer.write(u.urlopen(sys.argv[1], timeout=20).read())\n"
            "except e.HTTPError as error: sys.exit(41 if error.code == 401 else str(error))"
        )
        command = ["kubectl", "-n", "media", "exec", "deployment/upstreams", "--", "python", "-c", code]
        done = subprocess.run([*command, f"http://{host}:{port}/{path}"], capture_output=True, timeout=60)
        if done.returncode == 41:
            return None
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    return fetch


@pytest.fixture(scope="session")
def here(installed):
    """An address of this machine that pods reach: the one from which it reaches the nodes."""
    address = sh("kubectl", "get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}").stdout
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((address, 9))
        return probe.getsockname()[0]
