"""A namespace in a real cluster, with the operator beside the tests. Collected by `make e2e` alone."""

import functools
import json
import os
import re
import subprocess
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster.kubectl import Cluster, eventually, sh

CHARTS = Path(__file__).parents[2] / "charts"

# A KUBECONFIG alone is no consent to use that cluster
collect_ignore_glob = [] if os.environ.get("OPENPOSTERDB_E2E") == "1" else ["test_*.py"]


@pytest.fixture(scope="session")
def definitions():
    """The CustomResourceDefinitions, as the chart holds them. Of several workers one makes them; the others find them."""
    for path in sorted((CHARTS / "openposterdb-operator/files/crds").glob("*.yaml")):
        eventually(
            lambda path=path: not sh("kubectl", "apply", "--validate=strict", "-f", path, check=False).returncode
        )
    sh("kubectl", "wait", "--for=condition=Established", "crd/openposterdbs.openposterdb.io", "--timeout=30s")
    sh("kubectl", "wait", "--for=condition=Established", "crd/posterkeys.openposterdb.io", "--timeout=30s")


@contextmanager
def a_namespace():
    """One that admits restricted pods alone."""
    name = f"e2e-{uuid.uuid4().hex[:8]}"
    labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
    sh("kubectl", "create", "-f", "-", input=json.dumps(manifest))
    try:
        yield Cluster(name)
    finally:
        remove(name)


@pytest.fixture
def cluster(definitions):
    """A namespace of the test's own."""
    with a_namespace() as cluster:
        yield cluster


def remove(namespace):
    """Without the operator nobody sees to finalizers. Kinds go by their full names: another test may have the short ones."""
    kinds = "openposterdbs.openposterdb.io,posterkeys.openposterdb.io"
    for found in sh("kubectl", "-n", namespace, "get", kinds, "-o", "name").stdout.split():
        patch = '{"metadata": {"finalizers": null}}'
        sh("kubectl", "-n", namespace, "patch", found, "--type=merge", "-p", patch, check=False)
    sh("kubectl", "delete", "namespace", namespace, "--wait=false")


@pytest.fixture
def elsewhere(definitions):
    """Another namespace."""
    with a_namespace() as cluster:
        yield cluster


@pytest.fixture
def others():
    """Further namespaces that the operator serves; modules put theirs in its place."""
    return ()


@pytest.fixture
def variables():
    """Further variables of the operator; modules put theirs in its place."""
    return {}


@functools.cache
def kubeconfig():
    """Of the present context alone."""
    return sh("kubectl", "config", "view", "--raw", "--minify", "-o", "json").stdout


@functools.cache
def rights_of(number):
    """What the chart allows an operator of so many namespaces, which are called the-namespace-0 and so on."""
    names = [f"the-namespace-{each}" for each in range(number)]
    arguments = ["-n", names[0], "--set", f"namespaces={{{','.join(names)}}}", "--show-only", "templates/rbac.yaml"]
    return sh("helm", "template", "e2e", CHARTS / "openposterdb-operator", *arguments).stdout


def rights(*namespaces):
    """What the chart allows an operator that is in the first of the namespaces and serves all of them."""
    return re.sub(r"the-namespace-(\d+)", lambda found: namespaces[int(found[1])], rights_of(len(namespaces)))


class Operator:
    """Operator processes for one namespace, with no more rights than the chart gives; the Lease is there as well."""

    def __init__(self, namespace, folder, *, others=(), variables=None):
        self.namespace = namespace
        self.namespaces = ",".join((namespace, *others))
        self.variables = variables or {}
        self.log_folder = folder
        self.processes = {}
        self.kubeconfig = folder / "kubeconfig"
        self._be_the_service_account()

    def _be_the_service_account(self):
        sh("kubectl", "apply", "-f", "-", input=rights(*self.namespaces.split(",")))
        account = "e2e-openposterdb-operator"
        token = sh("kubectl", "-n", self.namespace, "create", "token", account, "--duration=1h").stdout.strip()
        configuration = json.loads(kubeconfig())
        configuration["users"] = [{"name": "operator", "user": {"token": token}}]
        configuration["contexts"][0]["context"]["user"] = "operator"
        self.kubeconfig.write_text(json.dumps(configuration))

    def leave(self):
        """What of it lies outside the namespace."""
        name = f"{self.namespace}-e2e-openposterdb-operator"
        kinds = ("clusterrole", "clusterrolebinding")
        for kind in kinds:
            sh("kubectl", "delete", kind, name, "--ignore-not-found")
        sh("kubectl", "delete", "clusterrole", f"{name}-view", f"{name}-edit", "--ignore-not-found")

    def start(self, identity="first", *, wait=True):
        environment = {
            **os.environ,
            "KUBECONFIG": str(self.kubeconfig),
            "NAMESPACES": self.namespaces,
            "POD_NAMESPACE": self.namespace,
            "POD_NAME": identity,
            "LISTEN_HOST": "127.0.0.1",
            "LISTEN_PORT": "0",
            **self.variables,
        }
        log = (self.log_folder / f"{identity}.log").open("a")
        self.processes[identity] = subprocess.Popen(
            [sys.executable, "-m", "openposterdb_operator"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        if wait:
            eventually(lambda: self.holder() == identity, 40)

    def kill(self, identity="first"):
        self.processes[identity].kill()
        self.processes.pop(identity).wait(10)

    def stop(self, identity="first"):
        process = self.processes.pop(identity)
        process.terminate()
        return process.wait(20)

    def holder(self):
        lease = Cluster(self.namespace).get("lease", "openposterdb-operator")
        return lease and lease["spec"]["holderIdentity"]

    def log(self, identity="first"):
        return (self.log_folder / f"{identity}.log").read_text()


@contextmanager
def an_operator(cluster, folder, *, others=(), variables=None):
    """One that leads already."""
    operator = Operator(cluster.namespace, folder, others=others, variables=variables)
    operator.start()
    try:
        yield operator
    finally:
        for identity in list(operator.processes):
            operator.kill(identity)
        operator.leave()
        for path in sorted(folder.glob("*.log")):
            print(f"--- {path.name}", path.read_text()[-6000:], sep="\n")


@pytest.fixture
def operator(cluster, tmp_path, others, variables):
    """An operator of the test's own."""
    with an_operator(cluster, tmp_path, others=others, variables=variables) as operator:
        yield operator


def settled(cluster, name="posters"):
    """Waits for a service that is ready and does not change any more."""
    cluster.wait_ready(name)
    eventually(lambda: cluster.conditions(name)["RedisReady"][0] == "True")
    eventually(lambda: cluster.conditions(name)["Progressing"] == ("False", "Settled"))


@pytest.fixture
def posters(cluster, operator):
    """A service that is ready."""
    cluster.secret()
    cluster.posters()
    settled(cluster)
    return cluster
