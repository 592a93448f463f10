import asyncio

import pytest

from openposterdb.accounts.attempts import Attempts
from openposterdb.errors import (
    Forbidden,
    OpenPosterDBError,
    Overloaded,
    StorageUnavailable,
    TooManyRequests,
    Unauthorized,
)

PASSWORD = "correct horse"


@pytest.fixture
async def anna(admins):
    return await admins.setup("anna", PASSWORD)


async def attempt(admins, username="anna", password="wrong", address=None):
    try:
        await admins.login(username, password, address=address)
    except OpenPosterDBError as error:
        return type(error)
    return None


async def test_ten_failures_are_borne_and_then_one_in_thirty_seconds(admins, anna, clock):
    assert [await attempt(admins) for _ in range(10)] == [Unauthorized] * 10
    with pytest.raises(TooManyRequests) as refused:
        await admins.login("anna", PASSWORD)
    assert refused.value.retry_after == 30
    clock.tick(30)
    assert await attempt(admins) is Unauthorized
    assert await attempt(admins) is TooManyRequests
    clock.tick(30)
    assert await attempt(admins, password=PASSWORD) is None


async def test_what_is_refused_costs_no_hashing(admins, anna, passwords, monkeypatch):
    for _ in range(10):
        await attempt(admins)
    monkeypatch.setattr(passwords, "verify", None)
    assert await attempt(admins) is TooManyRequests


async def test_those_who_know_the_password_are_never_limited(admins, anna):
    assert [await attempt(admins, password=PASSWORD) for _ in range(25)] == [None] * 25


async def test_right_ones_in_between_make_up_for_no_failures(admins, anna):
    for _ in range(10):
        assert await attempt(admins) is Unauthorized
        last = await attempt(admins, password=PASSWORD)
    assert last is TooManyRequests


async def test_names_that_nobody_has_are_limited_alike_and_apart(admins, anna):
    assert [await attempt(admins, "nobody") for _ in range(11)] == [Unauthorized] * 10 + [TooManyRequests]
    assert await attempt(admins, "somebody") is Unauthorized
    assert await attempt(admins, password=PASSWORD) is None


async def test_attempts_at_once_are_counted_before_they_are_made(admins, anna):
    outcomes = await asyncio.gather(*(attempt(admins) for _ in range(15)))
    assert outcomes.count(TooManyRequests) == 5
    assert outcomes.count(Unauthorized) == 10


async def test_the_old_password_cannot_be_guessed_either(admins, anna):
    for _ in range(10):
        with pytest.raises(Forbidden):
            await admins.change_password(anna.admin, "wrong", "another horse")
    with pytest.raises(TooManyRequests):
        await admins.change_password(anna.admin, PASSWORD, "another horse")


async def test_what_was_our_fault_is_not_counted(admins, anna, passwords, monkeypatch):
    async def overloaded(stored, password):
        raise Overloaded("too many logins at once")

    with monkeypatch.context() as patched:
        patched.setattr(passwords, "verify", overloaded)
        assert {await attempt(admins) for _ in range(30)} == {Overloaded}

    async def away(username):
        raise StorageUnavailable("database: away")

    with monkeypatch.context() as patched:
        patched.setattr(admins._admins, "find", away)
        assert {await attempt(admins) for _ in range(30)} == {StorageUnavailable}
    assert await attempt(admins, password=PASSWORD) is None


async def test_a_flood_of_names_holds_no_memory_for_ever(clock):
    attempts = Attempts(clock)
    for number in range(60_000):
        await attempts.begin(str(number), None)
    assert len(attempts) <= 50_000


async def test_strangers_lock_nobody_out_who_comes_from_where_they_always_come_from(admins, anna):
    await admins.login("anna", PASSWORD, address="192.0.2.1")
    for number in range(10):
        assert await attempt(admins, address=f"198.51.100.{number}") is Unauthorized
    assert await attempt(admins, address="198.51.100.99", password=PASSWORD) is TooManyRequests
    assert await attempt(admins, address="192.0.2.1", password=PASSWORD) is None
    assert [await attempt(admins, address="192.0.2.1") for _ in range(11)] == [Unauthorized] * 10 + [TooManyRequests]


async def test_a_session_makes_its_address_familiar_for_its_account_alone(admins, anna):
    await admins.refresh(anna.refresh_token, address="192.0.2.1")
    for username in ("anna", "berta"):
        for _ in range(10):
            await attempt(admins, username)
    assert await attempt(admins, address="192.0.2.1", password=PASSWORD) is None
    assert await attempt(admins, "berta", address="192.0.2.1") is TooManyRequests


async def test_failures_are_in_the_audit_trail_for_names_that_there_are(admins, anna, audit, background):
    await attempt(admins)
    await attempt(admins, "my password typed into the wrong field")
    await background.drain()
    (record,) = await audit.page(action="login_failed")
    assert record.actor == "anna"
