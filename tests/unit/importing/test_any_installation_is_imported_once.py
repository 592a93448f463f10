"""Whatever an installation holds: all of it is here afterwards, once, and nothing in it can make an import fail."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from openposterdb.clock import SystemClock
from openposterdb.importing import Importer, read_source
from openposterdb.importing.plan import Present
from openposterdb.importing.planning import make_plan
from openposterdb.importing.source import Source, SourceTable
from openposterdb.settings.model import RenderSettings
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import upgrade
from openposterdb.storage.repositories import ApiKeyRepository, SettingsRepository
from openposterdb.storage.rows import timestamp
from openposterdb.storage.tables import admin_users
from tests.unit.importing.installation import SETTINGS, Installation

ARGON = "$argon2id$v=19$m=19456,t=2,p=1$" + "c2FsdHNhbHRzYWx0c2E$" + "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"
NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
TIMES = st.integers(0, 4_000_000_000).map(timestamp)
BADGES = st.sampled_from("dhv")
VALID = st.fixed_dictionaries(
    {
        "poster_source": st.sampled_from("tf"),
        "fanart_lang": st.from_regex(r"\A[A-Za-z0-9-]{2,5}\Z"),
        "fanart_textless": st.integers(0, 1),
        "ratings_limit": st.integers(0, 8),
        "logo_ratings_limit": st.integers(0, 8),
        "backdrop_ratings_limit": st.integers(0, 8),
        "ratings_order": st.permutations(["imdb", "tmdb", "rt", "rta", "mc", "trakt", "lb", "mal"]).flatmap(
            lambda order: st.integers(0, 8).map(lambda count: ", ".join(order[:count]))
        ),
        "poster_position": st.sampled_from(["bc", "tc", "l", "r", "tl", "tr", "bl", "br"]),
        "poster_badge_style": BADGES,
        "logo_badge_style": BADGES,
        "backdrop_badge_style": BADGES,
        "poster_label_style": st.sampled_from("ti"),
        "logo_label_style": st.sampled_from("ti"),
        "backdrop_label_style": st.sampled_from("ti"),
        "poster_badge_direction": BADGES,
    }
)
KEYS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "key_hash": st.from_regex(r"\A[0-9a-f]{64}\Z"),
        "key_prefix": st.from_regex(r"\A[0-9a-f]{8}\Z"),
        "created_at": TIMES,
        "last_used_at": st.none() | TIMES,
    }
)
INSTALLATIONS = st.fixed_dictionaries(
    {
        "admins": st.lists(NAMES, min_size=1, max_size=3, unique=True),
        "keys": st.lists(st.tuples(KEYS, st.none() | VALID), max_size=5, unique_by=lambda pair: pair[0]["key_hash"]),
        "globally": st.fixed_dictionaries(
            {}, optional={name: VALID.map(lambda row, name=name: row[name]) for name in SETTINGS}
        ),
    }
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """The folder of an empty database of ours, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    asyncio.run(upgrade(f"sqlite:///{folder / 'openposterdb.db'}"))
    return folder


def write(installation, content):
    admins = [installation.add_admin(name, ARGON) for name in content["admins"]]
    for number, (key, own) in enumerate(content["keys"]):
        made = installation.add("api_keys", **key, created_by=admins[number % len(admins)])
        if own is not None:
            installation.add("api_key_settings", api_key_id=made, **own)
    for name, value in content["globally"].items():
        text = ("true" if value else "false") if name == "fanart_textless" else str(value)
        installation.add("global_settings", key=name, value=text)


@settings(max_examples=15)
@given(content=INSTALLATIONS)
def test_everything_is_here_afterwards_and_twice_is_once(content, empty):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Installation(folder / "old.db") as installation:
            write(installation, content)
        shutil.copytree(empty, folder / "db")
        asyncio.run(check(content, folder))


async def check(content, folder):
    database = await Database.open(f"sqlite:///{folder / 'db' / 'openposterdb.db'}")
    try:
        importer, source = Importer(database, SystemClock()), read_source(folder / "old.db")
        planned = await importer.plan(source)
        assert await importer.apply(source) == planned
        assert (await importer.apply(source)).is_empty

        async with database.reading() as connection:
            admins = {row.username: row.id for row in await connection.execute(select(admin_users))}
        assert list(admins) == content["admins"]
        keys, stored = ApiKeyRepository(database, SystemClock()), SettingsRepository(database)
        found = await keys.list()
        assert len(found) == len(content["keys"])
        for number, (expected, own) in enumerate(content["keys"]):
            key = await keys.find_by_hash(expected["key_hash"])
            assert key == found[number]
            assert (key.name, key.key_prefix) == (expected["name"], expected["key_prefix"])
            assert (key.created_at, key.last_used_at) == (expected["created_at"], expected["last_used_at"])
            assert key.created_by == admins[content["admins"][number % len(admins)]]
            assert await stored.own(key.id) == (own and RenderSettings.model_validate(own))
        assert await stored.effective(None) == RenderSettings.model_validate(content["globally"])
    finally:
        await database.close()


ANYTHING = st.none() | st.integers(-3, 3) | st.floats() | st.binary(max_size=8) | st.text(max_size=8)
WILD = {
    "admin_users": {
        "id": ANYTHING,
        "username": ANYTHING,
        "password_hash": ANYTHING | st.just(ARGON),
        "created_at": ANYTHING,
    },
    "api_keys": {
        "id": ANYTHING,
        "name": ANYTHING,
        "key_hash": ANYTHING | st.sampled_from(["a" * 64, "b" * 64]),
        "key_prefix": ANYTHING,
        "created_by": ANYTHING,
        "created_at": ANYTHING,
        "last_used_at": ANYTHING,
        "expires_at": ANYTHING,
    },
    "api_key_settings": {"api_key_id": ANYTHING, **dict.fromkeys(RenderSettings.model_fields, ANYTHING)},
    "global_settings": {"key": ANYTHING | st.sampled_from(list(SETTINGS)), "value": ANYTHING},
}
SOURCES = st.fixed_dictionaries(
    {name: st.lists(st.fixed_dictionaries(columns), max_size=3) for name, columns in WILD.items()}
).map(lambda rows: Source({name: SourceTable(tuple(WILD[name]), tuple(found)) for name, found in rows.items()}))


@given(source=SOURCES)
def test_rows_that_make_no_sense_stop_nothing_and_have_a_line_each(source):
    plan = make_plan(source, Present(), now="2026-11-22 12:00:00")
    assert len(plan.lines) >= sum(table.size for table in source.tables.values())
    for line in plan.lines:
        assert line.text.isprintable()
        assert ARGON not in line.text
        assert "a" * 64 not in line.text
    for key in plan.keys:
        assert len(key.key_prefix) <= 8
        assert key.name
    again = Present(
        admins={admin.username: admin.password_hash for admin in plan.admins},
        keys={key.key_hash: key.name for key in plan.keys},
        key_settings={each.key_hash: each.settings.model_dump() for each in plan.key_settings},
        global_values=plan.global_values,
    )
    assert make_plan(source, again, now="2026-11-23 12:00:00").is_empty
