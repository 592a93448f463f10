from collections.abc import AsyncIterator

import httpx
import pytest

from openposterdb.demo.double import UpstreamDouble


@pytest.fixture
async def double() -> AsyncIterator[UpstreamDouble]:
    async with UpstreamDouble() as running:
        yield running


@pytest.fixture
async def client(double: UpstreamDouble) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=double.base_url, timeout=5, trust_env=False) as http:
        yield http
