"""A namespace in a real cluster, with the operator beside the tests. Collected by `make e2e` alone."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.cluster.kubectl import Cluster, eventually, sh

CHARTS = Path(__file__).parents[2] / "charts"

# A KUBECONFIG alone is no consent to use that cluster
collect_ignore_glob = [] if os.environ.get("OPENPOSTERDB_E2E") == "1" else ["test_*.py"]


@pytest.fixture(scope="session")
def definitions():
    """The CustomResourceDefinitions, as the chart holds them."""
    for path in sorted((CHARTS / "openposterdb-operator/files/crds").glob("*.yaml")):
        sh("kubectl", "apply", "--validate=strict", "-f", path)
    sh("kubectl", "wait", "--for=condition=Established", "crd/openposterdbs.openposterdb.io", "--timeout=30s")
    sh("kubectl", "wait", "--for=condition=Established", "crd/posterkeys.openposterdb.io", "--timeout=30s")


@pytest.fixture
def cluster(definitions):
    """A namespace of the test's own that admits restricted pods alone."""
    name = f"e2e-{uuid.uuid4().hex[:8]}"
    sh("kubectl", "create", "namespace", name)
    level = [f"pod-security.kubernetes.io/{mode}=restricted" for mode in ("enforce", "warn")]
    sh("kubectl", "label", "namespace", name, *level)
    try:
        yield Cluster(name)
    finally:
        remove(name)


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
    name = f"e2e-{uuid.uuid4().hex[:8]}"
    sh("kubectl", "create", "namespace", name)
    try:
        yield Cluster(name)
    finally:
        remove(name)


@pytest.fixture
def others():
    """Further namespaces that the operator serves; modules put theirs in its place."""
    return ()


@pytest.fixture
def variables():
    """Further variables of the operator; modules put theirs in its place."""
    return {}


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
        arguments = ["-n", self.namespace, "--set", f"namespaces={{{self.namespaces}}}"]
        chart = CHARTS / "openposterdb-operator"
        rules = sh("helm", "template", "e2e", chart, *arguments, "--show-only", "templates/rbac.yaml").stdout
        sh("kubectl", "apply", "-f", "-", input=rules)
        account = "e2e-openposterdb-operator"
        token = sh("kubectl", "-n", self.namespace, "create", "token", account, "--duration=1h").stdout.strip()
        configuration = json.loads(sh("kubectl", "config", "view", "--raw", "--minify", "-o", "json").stdout)
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


@pytest.fixture
def operator(cluster, tmp_path, others, variables):
    """An operator that leads already."""
    operator = Operator(cluster.namespace, tmp_path, others=others, variables=variables)
    operator.start()
    try:
        yield operator
    finally:
        for identity in list(operator.processes):
            operator.kill(identity)
        operator.leave()
        for path in sorted(tmp_path.glob("*.log")):
            print(f"--- {path.name}", path.read_text()[-6000:], sep="\n")
