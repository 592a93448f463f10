"""What is known of titles: from memory, from the database, and from memory alone when the database is away."""

from dataclasses import dataclass, field

import pytest

from openposterdb.domain import RatingSource, TitleId
from openposterdb.errors import StorageUnavailable
from openposterdb.images.knowledge import Known, TitleKnowledge
from openposterdb.storage.rows import RatingIndex
from openposterdb.titles.ids import parse_id
from openposterdb.titles.title import Title
from tests.manual_clock import ManualClock

SERIES = Title(TitleId("series", 1396), imdb="tt0903747", tvdb=81189, release_date="2008-01-20")
NOW = 1_795_370_400


@dataclass
class Tables:
    """Both tables in a dict; `away` makes them fail."""

    aliases: dict = field(default_factory=dict)
    indexes: dict = field(default_factory=dict)
    away: bool = False
    reads: int = 0

    async def get(self, key):
        self._check()
        self.reads += 1
        return self.aliases.get(key) if isinstance(key, str) else self.indexes.get(key)

    async def put_many(self, aliases, title, at):
        self._check()
        self.aliases.update(dict.fromkeys(aliases, title))

    async def put(self, index):
        self._check()
        self.indexes[index.title] = index

    def _check(self):
        if self.away:
            raise StorageUnavailable("the database is away")


@pytest.fixture
def clock():
    return ManualClock(NOW)


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def open_knowledge(tables, clock):
    return lambda stale=86_400: TitleKnowledge(tables, tables, ratings_stale_secs=stale, clock=clock)


VALUES = {RatingSource.IMDB: "9.5", RatingSource.MAL: "8.70"}
FORMS = [("imdb", "tt0903747"), ("tmdb", "series-1396"), ("tvdb", "81189"), ("tvdb", "series-81189")]


@pytest.mark.parametrize("asked", FORMS)
@pytest.mark.parametrize("wanted", FORMS)
async def test_one_id_teaches_every_other(open_knowledge, asked, wanted):
    knowledge = open_knowledge()
    await knowledge.remember(parse_id(*asked), SERIES, VALUES, SERIES.release_date)
    for process in (knowledge, open_knowledge()):
        assert await process.find(parse_id(*wanted)) == Known(SERIES.id, "mi", "2008-01-20", NOW, VALUES)


async def test_ids_that_may_mean_something_else_are_not_taught(open_knowledge):
    knowledge = open_knowledge()
    await knowledge.remember(parse_id("tmdb", "series-1396"), SERIES, VALUES, None)
    for other in (("tmdb", "1396"), ("tmdb", "movie-1396"), ("tvdb", "movie-81189"), ("imdb", "tt81189")):
        assert await knowledge.find(parse_id(*other)) is None


async def test_what_is_found_is_read_once(open_knowledge, tables):
    tables.indexes[SERIES.id] = RatingIndex(SERIES.id, "mi", None, NOW)
    tables.aliases["imdb/tt0903747"] = SERIES.id
    knowledge = open_knowledge()
    for _ in range(5):
        assert (await knowledge.find(parse_id("imdb", "tt0903747"))).sources == "mi"
    assert tables.reads == 2


async def test_an_outage_costs_a_look_and_no_request(open_knowledge, tables):
    knowledge = open_knowledge()
    tables.away = True
    assert await knowledge.find(parse_id("imdb", "tt0903747")) is None
    await knowledge.remember(parse_id("imdb", "tt0903747"), SERIES, VALUES, None)
    assert (await knowledge.find(parse_id("tvdb", "81189"))).sources == "mi", "memory knows"
    tables.away = False
    assert await open_knowledge().find(parse_id("tvdb", "81189")) is None, "the database was never told"


async def test_a_failed_look_is_not_remembered(open_knowledge, tables):
    tables.indexes[SERIES.id] = RatingIndex(SERIES.id, "mi", None, NOW)
    knowledge = open_knowledge()
    tables.away = True
    assert await knowledge.find(parse_id("tmdb", "series-1396")) is None
    tables.away = False
    assert (await knowledge.find(parse_id("tmdb", "series-1396"))).sources == "mi"


@pytest.mark.parametrize(("stale", "held"), [(86_400, 3600), (60, 60), (0, 3600)])
async def test_memory_is_no_older_than_ratings_may_be(open_knowledge, tables, clock, stale, held):
    """0 seconds mean that ratings never go stale, not that nothing is remembered."""
    knowledge = open_knowledge(stale)
    await knowledge.remember(parse_id("tmdb", "series-1396"), SERIES, VALUES, None)
    tables.indexes[SERIES.id] = RatingIndex(SERIES.id, "milr", None, NOW)
    clock.tick(held - 1)
    assert (await knowledge.find(parse_id("tmdb", "series-1396"))).sources == "mi"
    clock.tick(1)
    assert (await knowledge.find(parse_id("tmdb", "series-1396"))).sources == "milr"
