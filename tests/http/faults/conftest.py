"""A service whose upstreams fail, and what the same service makes of healthy ones."""

import asyncio
from dataclasses import dataclass

import pytest

from openposterdb.config import load
from openposterdb.demo.double import UpstreamDouble
from tests.http.faults.kept import kept
from tests.http.faults.requests import BYSTANDER, REQUESTS
from tests.http.faults.swift_clock import SwiftClock
from tests.http.images.conftest import NOW, Service, double, environment, service, start

__all__ = ["double", "environment", "service", "start"]


@dataclass(frozen=True)
class Clean:
    """The answers of a service with healthy upstreams, and all that it keeps of them."""

    bodies: dict[str, bytes]
    bystander: bytes
    placeholders: dict[str, bytes]
    kept: set[tuple]


@pytest.fixture
def clock():
    return SwiftClock(NOW)


@pytest.fixture(scope="session")
def clean(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")

    async def make():
        async with UpstreamDouble() as upstreams:
            with pytest.MonkeyPatch.context() as patch:
                for name, value in upstreams.environment().items():
                    patch.setenv(name, value)
                patch.setenv("DB_DIR", str(folder / "db"))
                patch.setenv("CACHE_DIR", str(folder / "cache"))
                configured = load(None)
            async with Service(configured, SwiftClock(NOW)) as running:
                bodies = {name: (await running.get(path)).body for name, path in REQUESTS.items()}
                bystander = (await running.get(BYSTANDER)).body
                absent = {
                    name: (await running.get(path.replace("tt99000102", "tt404") + "?fallback=true")).body
                    for name, path in REQUESTS.items()
                    if "?" not in path
                }
            return Clean(bodies, bystander, {**absent, "Fanart poster": absent["poster"]}, kept(configured))

    return asyncio.run(make())
