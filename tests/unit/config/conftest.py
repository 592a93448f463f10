"""An environment of the test's own, and the configuration read from it."""

import os

import pytest

from openposterdb.config import Environment, load

SECRETS = {
    "TMDB_API_KEY": "tmdb-secret-41",
    "MDBLIST_API_KEY": "mdblist-secret-42",
    "OMDB_API_KEY": "omdb-secret-43",
    "FANART_API_KEY": "fanart-secret-44",
    "ADMIN_PASSWORD": "admin-secret-45",
    "SETUP_TOKEN": "setup-secret-46",
}
LEAST = {"TMDB_API_KEY": "tmdb-secret-41", "MDBLIST_API_KEY": "mdblist-secret-42"}


@pytest.fixture(autouse=True)
def no_variables(monkeypatch, tmp_path):
    """Nothing of the machine's own environment, and an empty working directory."""
    for name in {*Environment.model_fields, "poster_quality", "poster_mem_cache_mb", "poster_stale_secs"}:
        for spelling in (name.upper(), name):
            monkeypatch.delenv(spelling, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def configure(monkeypatch):
    """The configuration with these variables on top of the least; `None` unsets one."""

    def read(**variables):
        for name, value in {**LEAST, **variables}.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                monkeypatch.setenv(name, value)
        return load()

    return read
