"""Whose turn it is: resources in the queue, replicas at the Lease."""

import asyncio

import pytest

from openposterdb_operator.acting.queue import LONGEST_RETRY, Key, WorkQueue
from openposterdb_operator.acting.watching import News
from openposterdb_operator.cluster.errors import Unavailable
from openposterdb_operator.cluster.kinds import CHILDREN
from openposterdb_operator.cluster.lease import (
    ATTEMPT,
    DURATION,
    GIVING_UP,
    RENEWAL,
    Leadership,
    LeadershipLost,
    Sighting,
    may_take,
    renewed,
)
from openposterdb_operator.cluster.permissions import cluster_rules, leading_rules, working_rules

A, B = Key("media", "a"), Key("media", "b")


class Time:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def queue(time):
    return WorkQueue(time)


async def turns(queue):
    """The keys that are due."""
    found = []
    while True:
        task = asyncio.ensure_future(queue.take())
        await asyncio.sleep(0)
        if not task.done():
            task.cancel()
            return found
        found.append(task.result())


async def test_a_key_waits_once_however_often_it_is_added(queue):
    for _ in range(3):
        queue.add(A)
    queue.add(B)
    assert await turns(queue) == [A, B]


async def test_a_key_has_one_worker_at_a_time_and_comes_again_after_it(queue):
    queue.add(A)
    assert await turns(queue) == [A]
    queue.add(A)
    assert await turns(queue) == []
    queue.done(A, again_in=None)
    assert await turns(queue) == [A]


async def test_the_earlier_of_two_wishes_counts(queue, time):
    queue.add(A, 60)
    queue.add(A, 600)
    time.now = 61
    assert await turns(queue) == [A]


async def test_a_failing_key_comes_later_each_time_and_starts_anew_when_it_succeeded(queue):
    delays = [queue.failed(A) for _ in range(12)]
    assert delays[:4] == [1, 2, 4, 8]
    assert max(delays) == delays[-1] == LONGEST_RETRY
    queue.done(A, again_in=None)
    assert queue.failed(A) == 1


async def test_a_secret_concerns_those_who_read_it_even_before_it_exists(queue):
    news = News(queue)
    for key in (A, B):
        news.of_resource(key, gone=False)
    for key in await turns(queue):
        queue.done(key, again_in=None)
    news.reads(A, frozenset({"upstreams"}))
    news.of_secret("media", "other")
    news.of_secret("elsewhere", "upstreams")
    assert await turns(queue) == []
    news.of_secret("media", "upstreams")
    assert await turns(queue) == [A]


OWNED = {"metadata": {"ownerReferences": [{"kind": "OpenPosterDB", "name": "a"}]}}
LABELLED = {
    "metadata": {"labels": {"app.kubernetes.io/managed-by": "openposterdb-operator", "app.kubernetes.io/instance": "a"}}
}
FOREIGN = {
    "metadata": {"labels": {"app.kubernetes.io/instance": "a"}, "ownerReferences": [{"kind": "Job", "name": "a"}]}
}


@pytest.mark.parametrize(("child", "concerned"), [(OWNED, [A]), (LABELLED, [A]), (FOREIGN, []), ({"metadata": {}}, [])])
async def test_a_child_is_known_by_its_owner_or_by_its_labels(queue, child, concerned):
    news = News(queue)
    news.of_child("media", child)
    assert await turns(queue) == []
    news.of_resource(A, gone=False)
    for key in await turns(queue):
        queue.done(key, again_in=None)
    news.of_child("media", child)
    assert await turns(queue) == concerned


@pytest.mark.parametrize(("name", "concerned"), [("a", [A]), ("a-redis", [A]), ("ab", []), ("b", [])])
async def test_a_name_that_gets_free_concerns_who_wants_it(queue, name, concerned):
    news = News(queue)
    news.of_resource(A, gone=False)
    for key in await turns(queue):
        queue.done(key, again_in=None)
    theirs = {"metadata": {"name": name}}
    news.of_child("media", theirs)
    assert await turns(queue) == []
    news.of_child("media", theirs, gone=True)
    assert await turns(queue) == concerned


HELD = {"holderIdentity": "other", "leaseDurationSeconds": 15, "leaseTransitions": 3, "acquireTime": "then"}


@pytest.mark.parametrize(
    ("record", "age", "taken"),
    [
        (HELD, 14, False),
        (HELD, 16, True),
        ({**HELD, "holderIdentity": "me"}, 0, True),
        ({**HELD, "holderIdentity": ""}, 0, True),
        ({}, 0, True),
    ],
)
def test_a_lease_is_taken_when_its_holder_is_silent_or_has_left(record, age, taken):
    assert may_take(Sighting(record, at=100), "me", now=100 + age) is taken


def test_a_takeover_is_counted_and_a_renewal_is_not():
    taken = renewed(HELD, "me", "now")
    assert (taken["leaseTransitions"], taken["acquireTime"], taken["renewTime"]) == (4, "now", "now")
    again = renewed(taken, "me", "later")
    assert (again["leaseTransitions"], again["acquireTime"], again["renewTime"]) == (4, "now", "later")


class Unreachable:
    """An API server that does not answer, at once or only when the attempt is over."""

    def __init__(self, time, seconds):
        self.time, self.seconds = time, seconds

    async def get(self, *_):
        self.time.now += self.seconds
        raise Unavailable("no answer")


@pytest.mark.parametrize("seconds", [0, 1, ATTEMPT])
async def test_a_holder_that_cannot_renew_stops_before_another_may_begin(time, seconds):
    async def sleep(pause):
        time.now += pause

    leadership = Leadership(Unreachable(time, seconds), "ops", "lease", "me", monotonic=time, sleep=sleep)
    with pytest.raises(LeadershipLost):
        await leadership.hold()
    assert RENEWAL + ATTEMPT <= time.now <= GIVING_UP < DURATION


def test_another_begins_within_thirty_seconds():
    assert DURATION + 2 * RENEWAL + ATTEMPT < 30


def test_permissions_are_no_more_than_what_is_used():
    rules = [*working_rules(), *cluster_rules(), *leading_rules()]
    assert not any("*" in (*rule["apiGroups"], *rule["resources"], *rule["verbs"]) for rule in rules)
    granted = {(group, resource) for rule in rules for group in rule["apiGroups"] for resource in rule["resources"]}
    assert {(kind.group, kind.plural) for kind in CHILDREN} < granted
    assert not {resource for _, resource in granted} & {"pods", "pods/exec", "clusterroles", "roles", "nodes"}
