"""Reading what a cluster holds, through one `kubectl proxy`: a test that waits looks often, and kubectl takes a tenth of a
second of processor time for each look."""

import atexit
import functools
import re
import subprocess

import httpx

GROUPS = {
    "api/v1": ("configmaps", "events", "persistentvolumeclaims", "pods", "secrets", "services"),
    "apis/apps/v1": ("deployments", "statefulsets"),
    "apis/autoscaling/v2": ("horizontalpodautoscalers",),
    "apis/batch/v1": ("jobs",),
    "apis/coordination.k8s.io/v1": ("leases",),
    "apis/networking.k8s.io/v1": ("ingresses", "networkpolicies"),
    "apis/policy/v1": ("poddisruptionbudgets",),
    "apis/openposterdb.io/v1alpha1": ("openposterdbs", "posterkeys"),
}
PATHS = {plural: f"{group}/namespaces/{{}}/{plural}" for group, plurals in GROUPS.items() for plural in plurals}
SHORT = {
    "cm": "configmaps",
    "deploy": "deployments",
    "hpa": "horizontalpodautoscalers",
    "ingress": "ingresses",
    "netpol": "networkpolicies",
    "networkpolicy": "networkpolicies",
    "opdb": "openposterdbs",
    "pdb": "poddisruptionbudgets",
    "pkey": "posterkeys",
    "pvc": "persistentvolumeclaims",
    "sts": "statefulsets",
    "svc": "services",
}


def path(kind, namespace):
    """Of the collection; None for a kind that is not of every day."""
    plural = SHORT.get(kind, kind if kind in PATHS else f"{kind}s")
    return PATHS[plural].format(namespace) if plural in PATHS else None


@functools.cache
def api():
    """The API server, as the kubeconfig's user."""
    proxy = subprocess.Popen(["kubectl", "proxy", "--port=0"], stdout=subprocess.PIPE, text=True)
    atexit.register(proxy.kill)
    port = re.search(r":(\d+)$", proxy.stdout.readline().strip())[1]
    return httpx.Client(base_url=f"http://127.0.0.1:{port}/", timeout=60, trust_env=False)


def read(place, **parameters):
    """An object or a list; None where there is none."""
    answer = api().get(place, params=parameters)
    if answer.status_code == 404:
        return None
    assert answer.status_code == 200, answer.text
    return answer.json()
