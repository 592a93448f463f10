"""What every service under test needs and is slow to make."""

import asyncio
from pathlib import Path

import certifi
import pytest

from openposterdb.storage.migrations import upgrade


@pytest.fixture(scope="session")
def one_certificate(tmp_path_factory):
    """A bundle that loads at once: no upstream here is reached by TLS."""
    end = "-----END CERTIFICATE-----\n"
    bundle = tmp_path_factory.mktemp("tls") / "one.pem"
    bundle.write_text(Path(certifi.where()).read_text().partition(end)[0] + end)
    return str(bundle)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A fresh database, made once."""
    file = tmp_path_factory.mktemp("migrated") / "openposterdb.db"
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{file}"))
    return file
