"""Setup, passwords, and each other; sessions have tests of their own."""

import asyncio
import sqlite3

import pytest
from argon2 import PasswordHasher

from openposterdb.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    OpenPosterDBError,
    StorageUnavailable,
    Unauthorized,
)
from openposterdb.storage.database import Database

PASSWORD = "correct horse"


@pytest.fixture
async def anna(admins):
    return await admins.setup("anna", PASSWORD)


async def raised(awaitable):
    """The type of the error, None without."""
    try:
        await awaitable
    except OpenPosterDBError as error:
        return type(error)
    return None


async def test_the_first_one_is_logged_in_at_once(admins):
    assert await admins.setup_required()
    session = await admins.setup("anna", PASSWORD)
    assert not await admins.setup_required()
    assert (session.admin.id, session.admin.username) == (1, "anna")
    assert await admins.authenticate(session.token) == session.admin
    assert (await admins.refresh(session.refresh_token)).admin == session.admin


async def test_setup_is_done_once(admins, anna):
    with pytest.raises(Forbidden, match=r"^Setup already completed$"):
        await admins.setup("berta", PASSWORD)
    with pytest.raises(Forbidden):
        await admins.setup("not even\0 valid", "")


async def test_of_many_setups_at_once_one_succeeds(process, url):
    databases = [await Database.open(url) for _ in range(3)]
    replicas = [process(database) for database in databases]
    outcomes = await asyncio.gather(
        *(replicas[number % 3].setup(f"admin{number}", PASSWORD) for number in range(12)), return_exceptions=True
    )
    won = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert len(won) == 1
    lost = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert {(type(error), str(error)) for error in lost} == {(Forbidden, "Setup already completed")}
    assert [admin.username for admin in await replicas[0].list()] == [won[0].admin.username]
    for database in databases:
        await database.close()


@pytest.mark.parametrize(("username", "password"), [("", PASSWORD), ("a b", PASSWORD), ("anna", "short")])
async def test_rules_hold_for_setup_and_for_more_admins(admins, anna, process, database, username, password):
    with pytest.raises(Invalid):
        await admins.add(username, password, by=anna.admin)
    assert len(await admins.list()) == 1


async def test_bad_names_set_nothing_up(admins):
    for username, password in (("", PASSWORD), ("a b", PASSWORD), ("anna", "short"), ("anna", "x" * 257)):
        with pytest.raises(Invalid):
            await admins.setup(username, password)
    assert await admins.setup_required()


class TestWithASetupToken:
    @pytest.fixture
    def admins(self, process, database):
        return process(database, setup_token="let me in")

    @pytest.mark.parametrize("given", [None, "", "let me in ", "LET ME IN", "\ud800", "let me i"])
    async def test_without_it_nobody_is_set_up(self, admins, given):
        with pytest.raises(Forbidden) as error:
            await admins.setup("anna", PASSWORD, given)
        assert "SETUP_TOKEN" in str(error.value)
        assert "let me in" not in str(error.value)
        assert await admins.setup_required()

    async def test_with_it_somebody_is(self, admins):
        await admins.setup("anna", PASSWORD, "let me in")
        with pytest.raises(Forbidden, match="already completed"):
            await admins.setup("berta", PASSWORD, "let me in")

    async def test_seeding_needs_none(self, admins):
        await admins.seed("anna", PASSWORD)
        assert not await admins.setup_required()


async def test_a_token_that_nobody_asked_for_does_no_harm(admins):
    await admins.setup("anna", PASSWORD, "whatever")


async def test_seeding_makes_the_first_one_only(admins, process, url):
    elsewhere = await Database.open(url)
    await asyncio.gather(*(replica.seed("a b", "x") for replica in [admins, process(elsewhere)] * 4))
    await admins.seed("berta", PASSWORD)
    assert [admin.username for admin in await admins.list()] == ["a b"]
    assert (await admins.login("a b", "x")).admin.username == "a b"
    await elsewhere.close()


async def test_a_login_needs_the_exact_name_and_password(admins, anna):
    assert (await admins.login("anna", PASSWORD)).admin == anna.admin
    for username, password in (
        ("Anna", PASSWORD),
        ("anna ", PASSWORD),
        ("anna", "Correct horse"),
        ("anna", ""),
        ("", ""),
        ("nobody", PASSWORD),
        ("\ud800", "\ud800"),
        ("a\0", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("x" * 100_000, "x" * 100_000),
    ):
        with pytest.raises(Unauthorized) as error:
            await admins.login(username, password)
        assert str(error.value) == "Unauthorized"


@pytest.mark.sqlite
async def test_a_password_is_hashed_anew_at_login_when_the_parameters_have_changed(admins, anna, database):
    file = database.engine.url.database
    with sqlite3.connect(file) as connection:
        imported = PasswordHasher(memory_cost=1024).hash(PASSWORD)
        connection.execute("UPDATE admin_users SET password_hash = ?", (imported,))
    session = await admins.login("anna", PASSWORD)
    with sqlite3.connect(file) as connection:
        ((stored,),) = connection.execute("SELECT password_hash FROM admin_users").fetchall()
    assert "m=19456,t=2,p=1" in stored
    await admins.refresh(session.refresh_token)
    await admins.login("anna", PASSWORD)


async def test_a_password_is_changed_by_those_who_know_the_old_one(admins, anna):
    with pytest.raises(Forbidden, match="old password"):
        await admins.change_password(anna.admin, "wrong", "another horse")
    with pytest.raises(Invalid):
        await admins.change_password(anna.admin, PASSWORD, "short")
    await admins.change_password(anna.admin, PASSWORD, "another horse")
    await admins.login("anna", "another horse")
    with pytest.raises(Unauthorized):
        await admins.login("anna", PASSWORD)


async def test_of_two_who_change_it_at_once_the_second_is_told(admins, anna, passwords, monkeypatch):
    outcomes = await asyncio.gather(
        admins.change_password(anna.admin, PASSWORD, "one new horse"),
        admins.change_password(anna.admin, PASSWORD, "two new horses"),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Session"]


async def test_more_admins_are_added_and_log_in(admins, anna):
    berta = await admins.add("berta", PASSWORD, by=anna.admin)
    assert [admin.username for admin in await admins.list()] == ["anna", "berta"]
    assert (await admins.login("berta", PASSWORD)).admin.id == berta.id
    with pytest.raises(Conflict):
        await admins.add("berta", PASSWORD, by=anna.admin)


async def test_of_many_of_one_name_one_is_added(admins, anna):
    added = await asyncio.gather(*(raised(admins.add("berta", PASSWORD, by=anna.admin)) for _ in range(5)))
    assert sorted(added, key=str) == [Conflict] * 4 + [None]


async def test_the_last_one_cannot_be_removed(admins, anna):
    with pytest.raises(Conflict, match="last admin"):
        await admins.remove(anna.admin, anna.admin.id)
    with pytest.raises(NotFound):
        await admins.remove(anna.admin, 99)
    await admins.authenticate(anna.token)


async def test_two_who_remove_each_other_do_not_both_go(admins, process, anna, url):
    berta = await admins.add("berta", PASSWORD, by=anna.admin)
    elsewhere = await Database.open(url)
    outcomes = await asyncio.gather(
        raised(admins.remove(anna.admin, berta.id)), raised(process(elsewhere).remove(berta, anna.admin.id))
    )
    assert sorted(outcomes, key=str) == [Conflict, None]
    assert len(await admins.list()) == 1
    await elsewhere.close()


async def test_keys_outlive_those_who_made_them(admins, anna, keys):
    berta = await admins.add("berta", PASSWORD, by=anna.admin)
    made = await keys.create("k", "a" * 64, "t3-12345", created_by=berta.id)
    kept = await keys.create("k", "b" * 64, "t3-12345", created_by=anna.admin.id)
    await admins.remove(anna.admin, berta.id)
    assert (await keys.get(made.id)).created_by is None
    assert (await keys.get(kept.id)).created_by == anna.admin.id


async def test_a_name_given_again_is_another_admin(admins, anna, clock):
    await admins.add("berta", PASSWORD, by=anna.admin)
    before = await admins.login("berta", PASSWORD)
    await admins.remove(anna.admin, before.admin.id)
    clock.tick(1)
    again = await admins.add("berta", PASSWORD, by=anna.admin)
    assert again.id != before.admin.id
    assert await raised(admins.authenticate(before.token)) is Unauthorized
    assert await raised(admins.refresh(before.refresh_token)) is Unauthorized
    after = await admins.login("berta", PASSWORD)
    assert await admins.authenticate(after.token) == again


@pytest.mark.sqlite
async def test_without_a_database_everything_is_told_to_come_back_later(admins, anna, database):
    blocker = sqlite3.connect(database.engine.url.database, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    attempts = [
        admins.login("anna", PASSWORD),
        admins.refresh(anna.refresh_token),
        admins.logout(anna.admin),
        admins.add("berta", PASSWORD, by=anna.admin),
    ]
    assert [await raised(attempt) for attempt in attempts] == [StorageUnavailable] * 4
    blocker.execute("ROLLBACK")
    blocker.close()
    await admins.refresh(anna.refresh_token)
    assert len(await admins.list()) == 1
