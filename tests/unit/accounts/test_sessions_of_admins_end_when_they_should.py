import asyncio
import hashlib
import re
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openposterdb.errors import Unauthorized
from openposterdb.storage.changes import DatabaseChangeFeed
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import RefreshTokenRepository

PASSWORD = "correct horse"
WEEK = 7 * 86_400


@pytest.fixture
async def anna(admins):
    return await admins.setup("anna", PASSWORD)


@pytest.fixture
def rows(database):
    def read(query="SELECT token_hash FROM refresh_tokens"):
        with sqlite3.connect(database.engine.url.database) as connection:
            return connection.execute(query).fetchall()

    return read


async def refused(awaitable):
    try:
        await awaitable
    except Unauthorized:
        return True
    return False


@pytest.mark.sqlite
async def test_a_refresh_token_is_64_hex_digits_and_stored_as_a_hash(anna, rows):
    assert re.fullmatch("[0-9a-f]{64}", anna.refresh_token)
    assert rows() == [(hashlib.sha256(anna.refresh_token.encode()).hexdigest(),)]
    assert anna.refresh_token not in repr(anna)
    assert anna.token not in repr(anna)


async def test_tokens_follow_one_another(admins, anna, clock):
    session = anna
    for _ in range(5):
        clock.tick(600)
        session = await admins.refresh(session.refresh_token)
        assert await admins.authenticate(session.token) == anna.admin


async def test_a_refresh_token_lasts_a_week_from_its_own_issue(admins, anna, clock):
    clock.tick(WEEK - 1)
    second = await admins.refresh(anna.refresh_token)
    clock.tick(WEEK - 1)
    third = await admins.refresh(second.refresh_token)
    clock.tick(WEEK)
    assert await refused(admins.refresh(third.refresh_token))


@pytest.mark.sqlite
async def test_one_that_expired_is_deleted(admins, anna, clock, rows):
    clock.tick(WEEK)
    assert await refused(admins.refresh(anna.refresh_token))
    assert rows() == []


@pytest.mark.parametrize("text", [None, "", "0" * 64, "F" * 64, "x", "\ud800", "0" * 100_000])
async def test_nonsense_is_refused(admins, anna, text):
    assert await refused(admins.refresh(text))


async def test_an_access_token_is_no_refresh_token_and_the_other_way_round(admins, anna):
    assert await refused(admins.refresh(anna.token))
    assert await refused(admins.authenticate(anna.refresh_token))


async def test_one_that_was_used_ends_its_whole_family_and_no_other(admins, anna, audit, clock):
    other = await admins.login("anna", PASSWORD)
    second = await admins.refresh(anna.refresh_token)
    third = await admins.refresh(second.refresh_token)
    assert await refused(admins.refresh(anna.refresh_token, address="192.0.2.1"))
    assert await refused(admins.refresh(third.refresh_token))
    assert await refused(admins.authenticate(third.token)), "whoever stole it has access no longer"
    went_on = await admins.refresh(other.refresh_token)
    await admins.authenticate(went_on.token)
    (record,) = await audit.page(action="refresh_token_reused")
    assert (record.actor, record.address) == ("anna", "192.0.2.1")


@pytest.mark.parametrize("attempt", range(10))
async def test_of_many_uses_at_once_at_most_one_succeeds(process, database, url, attempt):
    elsewhere = await Database.open(url)
    replicas = [process(database), process(elsewhere)]
    session = await replicas[0].setup("anna", PASSWORD)
    outcomes = await asyncio.gather(
        *(replicas[number % 2].refresh(session.refresh_token) for number in range(8)), return_exceptions=True
    )
    won = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert len(won) == 1
    assert {type(outcome) for outcome in outcomes if outcome not in won} == {Unauthorized}
    assert await refused(replicas[0].refresh(won[0].refresh_token)), "the family has ended"
    await elsewhere.close()


@pytest.mark.parametrize("end", ["logout", "change_password"])
async def test_everything_ends_at_once(admins, anna, end, clock):
    elsewhere = await admins.login("anna", PASSWORD)
    if end == "logout":
        await admins.logout(anna.admin)
        after = await admins.login("anna", PASSWORD)
    else:
        after = await admins.change_password(anna.admin, PASSWORD, "another horse")
    for session in (anna, elsewhere):
        assert await refused(admins.authenticate(session.token))
        assert await refused(admins.refresh(session.refresh_token))
    assert (await admins.authenticate(after.token)).username == "anna"
    assert (await admins.authenticate((await admins.refresh(after.refresh_token)).token)).username == "anna"


async def test_sessions_end_as_often_as_one_likes_within_one_second(admins, anna):
    session = anna
    for _ in range(5):
        await admins.logout(session.admin)
        assert await refused(admins.authenticate(session.token))
        session = await admins.login("anna", PASSWORD)
        await admins.authenticate(session.token)


async def test_another_process_whose_clock_is_behind_logs_in_all_the_same(admins, anna, clock):
    await admins.logout(anna.admin)
    clock.tick(-30)
    session = await admins.login("anna", PASSWORD)
    await admins.authenticate(session.token)


async def test_an_access_token_ends_after_fifteen_minutes(admins, anna, clock):
    clock.tick(960)
    await admins.authenticate(anna.token)
    clock.tick(1)
    assert await refused(admins.authenticate(anna.token))


async def test_a_removed_admin_is_out_at_once(admins, anna):
    await admins.add("berta", PASSWORD, by=anna.admin)
    berta = await admins.login("berta", PASSWORD)
    await admins.authenticate(berta.token)
    await admins.remove(anna.admin, berta.admin.id)
    assert await refused(admins.authenticate(berta.token))
    assert await refused(admins.refresh(berta.refresh_token))
    await admins.authenticate(anna.token)


@pytest.mark.parametrize("how", ["logout", "remove", "reuse", "change_password"])
async def test_other_processes_hear_of_it(admins, anna, process, url, clock, how):
    await admins.add("berta", PASSWORD, by=anna.admin)
    berta = await admins.login("berta", PASSWORD)
    database = await Database.open(url)
    elsewhere, feed = process(database), DatabaseChangeFeed(database, clock)
    feed.subscribe("admins", elsewhere.forget)
    await feed.poll()
    await elsewhere.authenticate(berta.token)
    if how == "logout":
        await admins.logout(berta.admin)
    elif how == "remove":
        await admins.remove(anna.admin, berta.admin.id)
    elif how == "reuse":
        await admins.refresh(berta.refresh_token)
        assert await refused(admins.refresh(berta.refresh_token))
    else:
        await admins.change_password(berta.admin, PASSWORD, "another horse")
    await feed.poll()
    assert await refused(elsewhere.authenticate(berta.token))
    await database.close()


@pytest.mark.sqlite
async def test_admins_are_looked_up_once_in_five_minutes(admins, anna, database):
    await admins.authenticate(anna.token)
    blocker = sqlite3.connect(database.engine.url.database, isolation_level=None)
    blocker.execute("DROP TABLE refresh_tokens")
    blocker.execute("DROP TABLE admin_users")
    await admins.authenticate(anna.token)
    blocker.close()


async def test_a_login_that_a_change_of_password_overtook_opens_nothing(admins, anna, monkeypatch):
    begin = RefreshTokenRepository.begin

    async def overtaken(repository, *arguments, **options):
        monkeypatch.undo()
        await admins.change_password(anna.admin, PASSWORD, "another horse")
        return await begin(repository, *arguments, **options)

    monkeypatch.setattr(RefreshTokenRepository, "begin", overtaken)
    assert await refused(admins.login("anna", PASSWORD))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["refresh", "login", "wait"])), max_size=12))
async def test_a_used_token_never_works_again_and_a_fresh_one_does(admins, url, steps, clock):
    """Any order of logins and of refreshes with tokens old and new, against a model of families."""
    if await admins.setup_required():
        await admins.setup("anna", PASSWORD)
    families, issued = [], []
    for choice, step in steps:
        if step == "wait":
            clock.tick(60)
        elif step == "login" or not issued:
            families.append({"alive": True})
            issued.append([families[-1], (await admins.login("anna", PASSWORD)).refresh_token, False])
        else:
            token = issued[choice % len(issued)]
            family, text, used = token
            if family["alive"] and not used:
                token[2] = True
                issued.append([family, (await admins.refresh(text)).refresh_token, False])
            else:
                assert await refused(admins.refresh(text))
                family["alive"] = False


@pytest.mark.sqlite
async def test_expired_tokens_are_swept_and_the_others_stay(admins, anna, database, clock, rows):
    clock.tick(WEEK - 10)
    session = await admins.login("anna", PASSWORD)
    clock.tick(10)
    assert await RefreshTokenRepository(database, clock).prune() == 1
    assert rows() == [(hashlib.sha256(session.refresh_token.encode()).hexdigest(),)]
    await admins.refresh(session.refresh_token)
