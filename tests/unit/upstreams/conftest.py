from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import settings
from tests.unit.upstreams.hand_clock import HandClock

from openposterdb.demo.double import UpstreamDouble
from openposterdb.upstreams.calls import Wire
from openposterdb.upstreams.transport import open_client

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture
async def double() -> AsyncIterator[UpstreamDouble]:
    async with UpstreamDouble() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as opened:
        yield opened


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


class Observed(list[tuple[str, str]]):
    def __call__(self, service: str, outcome: str, seconds: float) -> None:
        self.append((service, outcome))


@pytest.fixture
def observed() -> Observed:
    return Observed()


@pytest.fixture
def wire(client: httpx.AsyncClient, clock: HandClock, observed: Observed) -> Wire:
    return Wire(client, clock, observed, jitter=lambda: 0.0)
