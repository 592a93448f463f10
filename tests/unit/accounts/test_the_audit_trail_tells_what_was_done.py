import sqlite3

import pytest

from openposterdb.accounts.audit import AuditTrail
from openposterdb.storage.repositories import AuditRepository
from openposterdb.storage.rows import AuditRecord

PASSWORD = "correct horse"
DAY = 86_400


async def test_who_what_when_and_from_where(audit, clock):
    await audit.record("anna", "key_created", target="living room", detail="for ever", address="192.0.2.1")
    expected = AuditRecord(1, int(clock.now()), "anna", "key_created", "living room", "for ever", "192.0.2.1")
    assert await audit.page() == (expected,)


async def test_the_newest_is_first_and_pages_follow(audit):
    for number in range(7):
        await audit.record("anna", "login", target=str(number))
    pages, before = [], None
    while page := await audit.page(before, 3):
        pages.append([record.target for record in page])
        before = page[-1].id
    assert pages == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


async def test_what_is_added_meanwhile_moves_no_page(audit):
    for number in range(4):
        await audit.record("anna", "login", target=str(number))
    first = await audit.page(limit=2)
    await audit.record("anna", "login", target="new")
    assert [record.target for record in await audit.page(first[-1].id, 2)] == ["1", "0"]


async def test_of_one_action_or_one_actor(audit):
    for actor in ("anna", "berta"):
        for action in ("login", "logout"):
            await audit.record(actor, action)
    assert len(await audit.page(action="login")) == 2
    assert len(await audit.page(actor="anna")) == 2
    assert len(await audit.page(action="login", actor="anna")) == 1


async def test_what_is_too_old_or_too_much_goes(database, clock):
    audit = AuditTrail(AuditRepository(database), clock, most_records=5)
    await audit.record("anna", "old")
    clock.tick(400 * DAY)
    await audit.record("anna", "just within")
    clock.tick(1)
    assert await audit.prune() == 1
    for number in range(6):
        await audit.record("anna", str(number))
    assert await audit.prune() == 2
    assert [record.action for record in await audit.page()] == ["5", "4", "3", "2", "1"]
    assert await audit.prune() == 0


async def test_nobody_but_an_admin_pushes_out_what_admins_did(database, clock):
    audit = AuditTrail(AuditRepository(database), clock, most_records=8)
    await audit.record("anna", "key_revoked")
    await audit.record("keyholder", "login")
    for number in range(20):
        await audit.record("key 7 (t3-6c1e7…)", "key_settings_changed", target=str(number))
        await audit.record("anna", "login_failed", target=str(number))
    assert await audit.prune() == 36
    kept = [(record.action, record.target) for record in await audit.page()]
    assert kept[:4] == [(action, n) for n in ("19", "18") for action in ("login_failed", "key_settings_changed")]
    assert kept[4:] == [("login", None), ("key_revoked", None)]
    assert await audit.prune() == 0


@pytest.mark.sqlite
async def test_what_cannot_be_written_undoes_nothing(admins, database, capsys):
    session = await admins.setup("anna", PASSWORD)
    file = database.engine.url.database
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'full'); END")
    await admins.logout(session.admin)
    assert "audit_not_written" in capsys.readouterr().out


@pytest.mark.sqlite
async def test_without_a_database_nothing_is_raised(audit, database):
    blocker = sqlite3.connect(database.engine.url.database, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    await audit.record("anna", "login")
    blocker.execute("ROLLBACK")
    blocker.close()
    assert await audit.page() == ()


@pytest.mark.parametrize("text", ["x" * 10_000, "a\0b", "\ud800", "👨‍👩‍👧" * 1000])
async def test_any_text_is_recorded_and_cut_short(audit, text):
    await audit.record(text, "login", target=text, detail=text)
    (record,) = await audit.page()
    assert 0 < len(record.target) <= 512
    assert await audit.page(actor=text, action="login") == (record,)
    assert await audit.page(action=text) == ()


async def test_the_whole_life_of_an_admin_leaves_no_secret(admins, audit, background, database, tokens):
    session = await admins.setup("anna", PASSWORD, address="192.0.2.1")
    await admins.add("berta", "berta's horse", by=session.admin)
    berta = await admins.login("berta", "berta's horse")
    for username in ("anna", "correct horse"):
        with pytest.raises(Exception, match="Unauthorized"):
            await admins.login(username, "wrong horse")
    refreshed = await admins.refresh(session.refresh_token)
    changed = await admins.change_password(session.admin, PASSWORD, "another horse")
    await admins.remove(changed.admin, berta.admin.id)
    await admins.logout(changed.admin)
    await background.drain()
    records = await audit.page()
    assert [record.action for record in reversed(records)] == [
        "setup",
        "admin_added",
        "login",
        "login_failed",
        "password_changed",
        "admin_removed",
        "logout",
    ]
    told = repr(records)
    for secret in ("horse", session.token, refreshed.token, session.refresh_token, changed.refresh_token, "$argon2"):
        assert secret not in told
