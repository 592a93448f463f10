"""Lists of images against a plain list of them: any filter, any order, page by page, while others insert."""

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openposterdb.caching.keys import parse_key
from openposterdb.caching.staleness import is_stale, stale_after
from openposterdb.domain import ImageKind, ImageSize, TitleId
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import ImageMetaRepository
from openposterdb.storage.repositories.image_filters import Ages, ImageFilter
from openposterdb.storage.repositories.image_lists import ImageListRepository, Order, Place, Sums
from openposterdb.storage.rows import ImageMeta

NOW = 1_795_370_400
AGES = Ages(86_400, 31_536_000, NOW)
PARTS = {"p": ".pbc.sh.li.dh", "l": ".sv.li", "b": ".sv.li"}
MARKS = {
    ImageKind.POSTER: ("", "_f_tl", "_f_l_tl", "_f_de", "_f_any_en"),
    ImageKind.LOGO: ("_l_f_en", "_l_f_tl"),
    ImageKind.BACKDROP: ("_b",),
}

kinds = st.sampled_from(ImageKind)


@st.composite
def images(draw):
    kind = draw(kinds)
    title = f"{draw(st.sampled_from(['movie', 'series']))}-{draw(st.sampled_from([2, 27, 278, 2780]))}"
    mark = draw(st.sampled_from(MARKS[kind]))
    size = draw(st.sampled_from(["s", "m", "l", "vl"] if kind is ImageKind.BACKDROP else ["m", "l", "vl"]))
    letters, extra = draw(st.sampled_from(["", "mil", "ilr"])), draw(st.sampled_from(["", ".fn"]))
    key = f"tmdb/{title}{mark}@{letters}{PARTS[kind.letter]}.z{size}{extra}"
    released = draw(st.sampled_from([None, "", "soon", "1994-09-23", "2026-11-01", "2026-06-01", "2030-01-01"]))
    created = NOW - draw(st.integers(0, 5))
    updated = NOW - draw(st.sampled_from([0, 100, 86_400, 86_401, 5_000_000, 20_000_000]))
    return ImageMeta(key, kind, released, created, updated, 5, "a" * 64, kind.content_type)


libraries = st.lists(images(), max_size=25, unique_by=lambda meta: meta.cache_key)

filters = st.builds(
    ImageFilter,
    kind=kinds,
    titles=st.none() | st.lists(st.sampled_from([TitleId("movie", 27), TitleId("series", 278)]), max_size=2),
    prefix=st.none() | st.sampled_from(["", "tmdb/movie-27", "tmdb/movie-278@", "tmdb/s", "x", "tmdb/~"]),
    size=st.none() | st.sampled_from(ImageSize),
    tier=st.none() | st.sampled_from(["tmdb", "textless", "language", "fanart"]),
    stale=st.none() | st.booleans(),
    ages=st.just(AGES),
)
orders = st.builds(Order, st.sampled_from(["created", "updated", "released", "key"]), st.booleans())


def lets_through(chosen, meta):
    key = parse_key(meta.cache_key)
    limit = stale_after(meta.release_date, AGES.least, AGES.most, NOW)
    return (
        meta.kind is chosen.kind
        and (chosen.titles is None or key.title in chosen.titles)
        and (not chosen.prefix or meta.cache_key.startswith(chosen.prefix))
        and (chosen.size is None or key.look.size is chosen.size)
        and (chosen.tier is None or key.tier == chosen.tier)
        and (chosen.stale is None or is_stale(meta.updated_at, limit, NOW) is chosen.stale)
    )


def in_order(order, metas):
    value = {
        "created": lambda meta: meta.created_at,
        "updated": lambda meta: meta.updated_at,
        "released": lambda meta: (meta.release_date is not None, meta.release_date or ""),
        "key": lambda meta: "",
    }[order.sort]
    return sorted(metas, key=lambda meta: (value(meta), meta.cache_key), reverse=order.descending)


@pytest.fixture
def fill(url, database):
    """Puts rows in place of those that are there, by a connection of its own: thousands of examples share a database."""
    columns = [column for column in ImageMeta.__slots__ if column != "kind"]

    def put(connection, metas):
        rows = [{**{name: getattr(meta, name) for name in columns}, "image_type": meta.kind.letter} for meta in metas]
        connection.executemany(
            "INSERT INTO image_meta VALUES (:cache_key, :release_date, :image_type, :created_at, :updated_at, :length,"
            " :digest, :content_type, :stored)",
            rows,
        )

    def fill(metas, *, keep=False):
        with sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///")) as connection:
            if not keep:
                connection.execute("DELETE FROM image_meta")
            put(connection, metas)

    return fill


@pytest.fixture
def lists(database: Database) -> ImageListRepository:
    return ImageListRepository(database)


same_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


@same_database
@given(library=libraries, chosen=filters, order=orders, limit=st.integers(1, 7))
@pytest.mark.sqlite
async def test_pages_are_those_of_the_sorted_list(lists, fill, library, chosen, order, limit):
    fill(library)
    expected = in_order(order, [meta for meta in library if lets_through(chosen, meta)])
    assert await lists.count(chosen) == len(expected)
    by_number, by_place, after = [], [], None
    for number in range(len(expected) // limit + 2):
        by_number += await lists.page(chosen, order, limit=limit, skip=number * limit)
        page = await lists.page(chosen, order, limit=limit, after=after)
        by_place += page
        after = order.place_of(page[-1]) if page else after
    assert by_number == expected
    assert by_place == expected


@same_database
@given(library=libraries, late=libraries, chosen=filters, order=orders, limit=st.integers(1, 5))
@pytest.mark.sqlite
async def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others(
    lists, fill, library, late, chosen, order, limit
):
    known = {meta.cache_key for meta in library}
    late = [meta for meta in late if meta.cache_key not in known]
    fill(library)
    seen, after = [], None
    while page := await lists.page(chosen, order, limit=limit, after=after):
        seen += page
        after = order.place_of(page[-1])
        fill(late[:3], keep=True)
        late = late[3:]
    assert len({meta.cache_key for meta in seen}) == len(seen)
    assert [meta for meta in seen if meta.cache_key in known] == in_order(
        order, [meta for meta in library if lets_through(chosen, meta)]
    )


async def test_sums_count_images_and_bytes(lists, database):
    repository = ImageMetaRepository(database)
    meta = ImageMeta("tmdb/movie-1@.pbc.sh.li.dh.zm", ImageKind.POSTER, None, 1, 1, 1000, "a" * 64, "image/jpeg")
    await repository.put(meta)
    await repository.put(replace(meta, cache_key="tmdb/movie-2@.pbc.sh.li.dh.zm", length=500, stored=False))
    await repository.put(replace(meta, cache_key="tmdb/movie-2_b@.sv.li.zm", kind=ImageKind.BACKDROP))
    assert await lists.sums() == {ImageKind.POSTER: Sums(2, 1500, 1000), ImageKind.BACKDROP: Sums(1, 1000, 1000)}


@pytest.mark.sqlite
@pytest.mark.parametrize("sort", ["created", "updated", "released", "key"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("place", [None, Place(5, "tmdb/movie-1@"), Place(None, "tmdb/movie-1@")])
async def test_every_order_follows_an_index(lists, url, database, monkeypatch, sort, descending, place):
    """With a million rows a sort would cost a second: the plan has none, and every page starts in the index."""
    if place is not None and place.value is None and sort in {"created", "updated"}:
        return
    plans = []

    class Explaining:
        async def execute(self, query):
            from sqlalchemy.dialects import sqlite

            compiled = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            with sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///")) as connection:
                plans.extend(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {compiled}"))
            return ()

    class Reading:
        async def __aenter__(self):
            return Explaining()

        async def __aexit__(self, *_):
            return None

    monkeypatch.setattr(database, "reading", Reading)
    await lists.page(ImageFilter(ImageKind.POSTER), Order(sort, descending), limit=50, after=place)
    assert plans
    assert all("USING INDEX ix_image_meta_image_type" in step for step in plans), plans
    assert not any("TEMP B-TREE" in step for step in plans), plans
