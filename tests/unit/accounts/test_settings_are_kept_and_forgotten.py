import pytest

from openposterdb.accounts.settings import SettingsCache
from openposterdb.errors import StorageUnavailable
from openposterdb.settings.model import RenderSettings


class Stored:
    """Settings that the test changes, reads that it counts, and a database that may be away."""

    def __init__(self) -> None:
        self.reads = 0
        self.fails = False
        self.settings = {None: RenderSettings(), 1: RenderSettings(fanart_lang="de")}

    async def effective(self, key_id: int | None) -> RenderSettings:
        self.reads += 1
        if self.fails:
            raise StorageUnavailable("database: away")
        return self.settings[key_id]


@pytest.fixture
def stored():
    return Stored()


@pytest.fixture
def cache(stored, clock):
    return SettingsCache(stored, clock)


async def test_settings_are_read_once_in_five_minutes(cache, stored, clock):
    for _ in range(3):
        assert (await cache.effective(1)).fanart_lang == "de"
        assert (await cache.effective(None)).fanart_lang == "en"
    assert stored.reads == 2
    clock.tick(300)
    await cache.effective(1)
    assert stored.reads == 3


async def test_forgotten_settings_are_read_again(cache, stored):
    await cache.effective(1)
    stored.settings[1] = RenderSettings(fanart_lang="fr")
    cache.forget()
    assert (await cache.effective(1)).fanart_lang == "fr"


async def test_without_the_database_the_defaults_apply_to_this_request_alone(cache, stored):
    stored.fails = True
    assert await cache.effective(1) == RenderSettings()
    stored.fails = False
    assert (await cache.effective(1)).fanart_lang == "de"
