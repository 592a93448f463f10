"""Calls are shared between those who wait and those who do not; who waits is no worse off for that."""

import pytest

from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Service
from openposterdb.errors import UpstreamUnavailable
from openposterdb.upstreams import policy
from openposterdb.upstreams.budgets import Priority
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.purpose import working_for
from openposterdb.upstreams.spending import NotYet
from openposterdb.upstreams.transport import Question


def joined_once(wire: Wire) -> Wire:
    """Whoever asks first joins the call of a refresh that has nothing left; the next call is one's own."""
    joined: list[str] = []

    async def share(service, _question, ask):
        if not joined:
            joined.append(service)
            raise NotYet(30.0)
        return await ask()

    return Wire(wire.client, wire.clock, wire.observe, wire.jitter, share)


def caller(wire: Wire) -> Caller:
    return Caller("tmdb", joined_once(wire), policy.TMDB_API, budget=5.0)


async def test_a_client_that_joined_a_spent_refresh_asks_for_itself(wire: Wire, double: UpstreamDouble, question):
    answer = await caller(wire).ask(question)
    assert answer.status == 200
    assert double.count(Service.TMDB) == 1


async def test_a_refresh_that_joined_another_gives_up_at_once(wire: Wire, double: UpstreamDouble, question):
    with working_for(Priority.REFRESH), pytest.raises(UpstreamUnavailable, match="spent"):
        await caller(wire).ask(question)
    assert double.count(Service.TMDB) == 0


@pytest.fixture
def question(double: UpstreamDouble) -> Question:
    url = f"{double.environment()['TMDB_API_BASE_URL']}/configuration"
    return Question(url, "configuration", {"api_key": "demo-tmdb-key"})
