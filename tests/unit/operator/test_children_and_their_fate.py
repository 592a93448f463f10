"""Drift, ownership, pruning, the hand-over to an autoscaler and the migration's gate."""

import copy
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.desired import build_desired
from openposterdb_operator.decide.children import (
    has_drifted,
    is_foreign,
    key,
    replicas_to_hand_over,
    strategy_to_clear,
    to_prune,
)
from openposterdb_operator.decide.migration import Migration, migration_state, retry_in
from tests.unit.operator.specs import specs

UID = "0f6f5f3c-6a52-4cf0-9d3a-1f1b5a3b8a11"
CONTEXT = Context(name="posters", namespace="media", uid=UID)


@settings(deadline=None, max_examples=30)
@given(specs)
def test_what_was_applied_has_not_drifted_even_when_the_server_adds_to_it(spec):
    for each in build_desired(spec, CONTEXT).manifests:
        live = copy.deepcopy(each)
        live["metadata"] |= {"resourceVersion": "1", "uid": "x", "managedFields": []}
        live["metadata"]["labels"]["added"] = "by somebody"
        live["status"] = {"replicas": 1}
        live.get("spec", {})["added"] = "by default"
        assert not has_drifted(each, live)


def edited(live, *path, value=None):
    live = copy.deepcopy(live)
    node = live
    for step in path[:-1]:
        node = node[step]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return live


@pytest.fixture
def deployment():
    from openposterdb_operator.model import OpenPosterDBSpec

    spec = OpenPosterDBSpec.model_validate({"upstreams": {"secretRef": {"name": "x"}}})
    return build_desired(spec, CONTEXT).rollout[0]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("spec", "replicas"), 5),
        (("spec", "template", "spec", "containers", 0, "image"), "other"),
        (("spec", "template", "spec", "containers", 0, "env", 0, "value"), "other"),
        (("spec", "template", "spec", "securityContext", "runAsNonRoot"), None),
        (("metadata", "labels", "app.kubernetes.io/instance"), None),
        (("metadata", "ownerReferences"), None),
        (("metadata", "annotations", "openposterdb.io/applied"), "other"),
    ],
)
def test_an_edit_of_ours_is_drift(deployment, path, value):
    assert has_drifted(deployment, edited(deployment, *path, value=value))


def test_what_is_gone_has_drifted(deployment):
    assert has_drifted(deployment, None)


def child(name, *, uid=UID, controller=True, annotations=None, deleted=False, labels=None):
    metadata = {"name": name, "annotations": annotations or {}, "labels": labels or {}}
    if uid:
        metadata["ownerReferences"] = [{"uid": uid, "controller": controller}]
    if deleted:
        metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    return {"kind": "Service", "metadata": metadata}


def test_only_own_unwanted_children_are_pruned():
    unwanted = child("unwanted")
    existing = [
        unwanted,
        child("wanted"),
        child("of-another", uid="another"),
        child("merely-related", controller=False),
        child("of-nobody", uid=None),
        child("kept", annotations={"openposterdb.io/keep": "true"}),
        child("going", deleted=True),
    ]
    assert to_prune(existing, [("Service", "wanted")], UID) == [unwanted]


OURS = {"app.kubernetes.io/managed-by": "openposterdb-operator", "app.kubernetes.io/instance": "posters"}


@pytest.mark.parametrize(
    ("live", "foreign"),
    [
        (child("a"), False),
        (child("a", uid="another"), True),
        (child("a", uid="another", labels=OURS), True),
        (child("a", uid=None), True),
        (child("a", uid=None, labels=OURS), False),
    ],
)
def test_whose_a_child_is(live, foreign):
    assert is_foreign(live, UID, "posters") is foreign


def test_nothing_that_is_wanted_is_pruned_and_a_dropped_member_is():
    from openposterdb_operator.model import OpenPosterDBSpec

    body = {"upstreams": {"secretRef": {"name": "x"}}, "ingress": {"host": "p.example.com"}}
    before = build_desired(OpenPosterDBSpec.model_validate(body), CONTEXT).manifests
    assert to_prune(before, map(key, before), UID) == []
    after = build_desired(OpenPosterDBSpec.model_validate({"upstreams": body["upstreams"]}), CONTEXT).manifests
    assert [key(each) for each in to_prune(before, map(key, after), UID)] == [("Ingress", "posters")]


def managed(manager="openposterdb-operator", operation="Apply", replicas=4):
    fields = {"manager": manager, "operation": operation, "fieldsV1": {"f:spec": {"f:replicas": {}}}}
    return {"metadata": {"managedFields": [fields]}, "spec": {"replicas": replicas}}


def test_an_autoscaler_takes_over_the_number_that_there_is():
    assert replicas_to_hand_over(managed(), autoscaled=True) == 4
    assert replicas_to_hand_over(managed(), autoscaled=False) is None
    assert (
        replicas_to_hand_over(managed(manager="kube-controller-manager", operation="Update"), autoscaled=True) is None
    )
    assert replicas_to_hand_over(None, autoscaled=True) is None


@pytest.mark.parametrize(
    ("wanted", "found", "cleared"),
    [
        ({"type": "Recreate"}, {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}, True),
        ({"type": "Recreate"}, {"type": "Recreate"}, False),
        ({"type": "RollingUpdate", "rollingUpdate": {}}, {"type": "RollingUpdate", "rollingUpdate": {}}, False),
    ],
)
def test_rolling_parameters_are_cleared_before_a_strategy_that_forbids_them(wanted, found, cleared):
    patch = strategy_to_clear({"spec": {"strategy": wanted}}, {"spec": {"strategy": found}})
    assert (patch is not None) is cleared
    assert strategy_to_clear({"spec": {"strategy": wanted}}, None) is None


def job(kind):
    return {"status": {"conditions": [{"type": kind, "status": "True", "lastTransitionTime": "2026-11-22T20:00:00Z"}]}}


def test_the_rollout_waits_for_the_migration():
    assert migration_state(None) is migration_state({"status": {}}) is Migration.RUNNING
    assert migration_state(job("Complete")) is Migration.DONE
    assert migration_state(job("Failed")) is Migration.FAILED


def test_a_failed_migration_is_tried_again_after_a_minute():
    at = lambda second: datetime(2026, 11, 22, 20, 0, second, tzinfo=UTC)  # noqa: E731
    assert retry_in(job("Failed"), at(20)) == 40
    assert retry_in(job("Failed"), datetime(2026, 11, 22, 21, 0, tzinfo=UTC)) == 0
