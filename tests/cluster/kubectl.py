"""kubectl as functions: what a person would type."""

import json
import os
import subprocess
import time

import pytest

from tests.cluster.reading import path, read


def sh(*arguments, check=True, **options):
    done = subprocess.run([str(each) for each in arguments], text=True, capture_output=True, timeout=180, **options)
    assert not check or done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done


def eventually(check, seconds=30):
    """The first true value of `check`; what it returned last is in the message when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := check()):
        assert time.monotonic() < deadline, f"not within {seconds} s, last {value!r}"
        time.sleep(0.1)
    return value


ALL = "deploy,sts,svc,cm,pvc,netpol,ingress,hpa,pdb,secret,job"
BAD_DATABASE = {"type": "postgresql", "urlSecretRef": {"name": "db"}}
SIMULATED = pytest.mark.skipif(
    os.environ.get("K8S_TESTBED_LEVEL") != "control-plane",
    reason="no real pod gets ready with a database that nobody runs",
)
# Tests that bring such definitions, and those that tell that there are none, are not run at the same time
DEFINITIONS_OF_OTHERS = pytest.mark.xdist_group("definitions of others")
UPSTREAMS = {"TMDB_API_KEY": "t", "MDBLIST_API_KEY": "m"}


class Cluster:
    """One namespace."""

    def __init__(self, namespace):
        self.namespace = namespace

    def kubectl(self, *arguments, **options):
        return sh("kubectl", "-n", self.namespace, *arguments, **options)

    def get(self, kind, name):
        if place := path(kind, self.namespace):
            return read(f"{place}/{name}")
        done = self.kubectl("get", kind, name, "-o", "json", "--ignore-not-found")
        return json.loads(done.stdout) if done.stdout else None

    def uid(self, kind, name):
        found = self.get(kind, name)
        return found and found["metadata"]["uid"]

    def list(self, kinds, selector="app.kubernetes.io/managed-by=openposterdb-operator"):
        lists = [read(path(kind, self.namespace), labelSelector=selector) for kind in kinds.split(",")]
        return [{**each, "kind": found["kind"].removesuffix("List")} for found in lists for each in found["items"]]

    def apply(self, manifest, *options, check=True):
        return self.kubectl("apply", *options, "-f", "-", input=json.dumps(manifest), check=check)

    def secret(self, name="upstreams", **members):
        manifest = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name},
            "stringData": members or UPSTREAMS,
        }
        self.apply(manifest)

    def posters(self, name="posters", *, annotations=None, **spec):
        self.apply(resource(name, annotations=annotations, **spec))

    def patch(self, kind, name, patch):
        self.kubectl("patch", kind, name, "--type=merge", "-p", json.dumps(patch))

    def condition(self, kind, name, condition="Ready"):
        found = self.get(kind, name) or {}
        all_of = found.get("status", {}).get("conditions", ())
        return next(((each["reason"], each["message"]) for each in all_of if each["type"] == condition), ("", ""))

    def events(self, kind="OpenPosterDB"):
        found = read(path("events", self.namespace))["items"]
        return [(each["reason"], each["message"]) for each in found if each["involvedObject"]["kind"] == kind]

    def conditions(self, name="posters"):
        found = self.get("opdb", name) or {}
        return {
            each["type"]: (each["status"], each["reason"]) for each in found.get("status", {}).get("conditions", ())
        }

    def wait_ready(self, name="posters", seconds=60):
        self.kubectl("wait", "--for=condition=Ready", f"opdb/{name}", f"--timeout={seconds}s")


def resource(name="posters", *, annotations=None, **spec):
    return {
        "apiVersion": "openposterdb.io/v1alpha1",
        "kind": "OpenPosterDB",
        "metadata": {"name": name, "annotations": annotations or {}},
        "spec": {"upstreams": {"secretRef": {"name": "upstreams"}}, **spec},
    }
