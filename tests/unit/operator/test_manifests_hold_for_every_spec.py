"""What holds for the manifests of any spec: names, labels, variables, restricted pods, the same twice."""

import re

import kubernetes_validate
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.desired import build_desired
from openposterdb_operator.builders.generated import missing_secrets
from openposterdb_operator.model.spec import OPERATORS_VARIABLES
from tests.unit.operator.conftest import OPTIONAL_KINDS
from tests.unit.operator.specs import names, specs

LABEL = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
DNS_LABEL = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
UNKNOWN_TO_VALIDATOR = {"ServiceMonitor", "PrometheusRule", "HTTPRoute"}

relaxed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
contexts = st.builds(
    Context,
    name=names,
    namespace=st.just("media"),
    uid=st.just("0f6f5f3c-6a52-4cf0-9d3a-1f1b5a3b8a11"),
    offered=st.sampled_from([frozenset(), OPTIONAL_KINDS]),
)


def templates(manifests):
    return [each["spec"]["template"] for each in manifests if "template" in each.get("spec", {})]


def everything(spec, context):
    token = lambda length: "ab" * length  # noqa: E731
    return [*build_desired(spec, context).manifests, *missing_secrets(spec, context, {}, token=token)]


@relaxed
@given(specs, contexts)
def test_names_are_unique_and_short(spec, context):
    found = [(each["kind"], each["metadata"]["name"]) for each in everything(spec, context)]
    assert len(found) == len(set(found))
    for kind, name in found:
        assert DNS_LABEL.fullmatch(name), (kind, name)
    # Kubernetes appends to the name of a StatefulSet eleven characters to label its pods with
    assert all(len(name) <= 52 for kind, name in found if kind == "StatefulSet")


@relaxed
@given(specs, contexts)
def test_labels_are_valid_and_every_child_is_marked(spec, context):
    for each in everything(spec, context):
        labels = each["metadata"]["labels"]
        assert labels["app.kubernetes.io/instance"] == context.name
        assert labels["app.kubernetes.io/managed-by"] == "openposterdb-operator"
        assert all(LABEL.fullmatch(value) for value in labels.values()), labels
    for template in templates(everything(spec, context)):
        assert all(LABEL.fullmatch(value) for value in template["metadata"]["labels"].values())


@relaxed
@given(specs, contexts)
def test_every_child_has_its_owner_but_a_database_that_is_to_stay(spec, context):
    for each in everything(spec, context):
        owners = each["metadata"].get("ownerReferences", [])
        if not owners:
            assert each["metadata"]["name"] == context.database
            assert spec.database.storage.reclaim_policy == "Retain"
        else:
            assert [(owner["uid"], owner["controller"]) for owner in owners] == [(context.uid, True)]


@relaxed
@given(specs, contexts)
def test_no_variable_is_set_twice_and_none_of_the_operators_escapes_the_rule(spec, context):
    own = {each.name for each in spec.extra_env}
    for template in templates(build_desired(spec, context).manifests):
        for container in template["spec"]["containers"]:
            variables = [variable["name"] for variable in container["env"]]
            assert len(variables) == len(set(variables))
            if container["name"] != "redis":
                assert set(variables) - own <= set(OPERATORS_VARIABLES)


@relaxed
@given(specs, contexts)
def test_every_pod_is_restricted(spec, context):
    for template in templates(build_desired(spec, context).manifests):
        pod = template["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] > 0
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
        allowed = {"configMap", "emptyDir", "persistentVolumeClaim", "secret"}
        assert all(set(volume) - {"name"} <= allowed for volume in pod["volumes"])
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False
            assert security["readOnlyRootFilesystem"] is True
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert {"name": "tmp", "mountPath": "/tmp"} in container["volumeMounts"]
            assert {mount["name"] for mount in container["volumeMounts"]} <= {
                volume["name"] for volume in pod["volumes"]
            }
            assert not any("hostPort" in port for port in container.get("ports", ()))


@relaxed
@given(specs, contexts)
def test_selectors_select_their_own_pods_and_no_others(spec, context):
    manifests = build_desired(spec, context).manifests
    pods = {
        each["kind"]: each["spec"]["template"]["metadata"]["labels"]
        for each in manifests
        if "template" in each.get("spec", {})
    }
    for each in manifests:
        if each["kind"] == "Service":
            wanted = each["spec"]["selector"].items()
            expected = (
                "StatefulSet"
                if each["metadata"]["name"].endswith("-redis")
                and "StatefulSet" in pods
                and each["metadata"]["name"] != context.name
                else "Deployment"
            )
            assert [kind for kind, labels in pods.items() if wanted <= labels.items()] == [expected]


@relaxed
@given(specs, contexts)
def test_the_same_spec_gives_the_same_manifests(spec, context):
    assert build_desired(spec, context) == build_desired(spec.model_copy(deep=True), context)


@pytest.mark.parametrize("version", ["1.32", "1.34"])
def test_manifests_have_the_form_that_kubernetes_publishes(version):
    @settings(relaxed, max_examples=15)
    @given(specs, contexts)
    def check(spec, context):
        for each in everything(spec, context):
            if each["kind"] not in UNKNOWN_TO_VALIDATOR:
                kubernetes_validate.validate(each, version, strict=True)

    check()
