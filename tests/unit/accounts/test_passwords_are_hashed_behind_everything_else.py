import asyncio
import os
import re
import threading

import pytest
from argon2 import PasswordHasher

from openposterdb.accounts.passwords import Passwords
from openposterdb.errors import Overloaded


class Blocked:
    """Holds the threads of a pool until the test lets them go."""

    def __init__(self, monkeypatch):
        self._go, self.running = threading.Event(), threading.Semaphore(0)
        self.niceness = []
        verify = PasswordHasher.verify

        def slow(hasher, stored, password):
            self.niceness.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            self.running.release()
            self._go.wait(10)
            return verify(hasher, stored, password)

        monkeypatch.setattr(PasswordHasher, "verify", slow)

    def release(self):
        self._go.set()


@pytest.fixture
def blocked(monkeypatch):
    held = Blocked(monkeypatch)
    yield held
    held.release()


async def test_hashes_have_the_documented_form(passwords):
    stored = await passwords.hash("correct horse")
    assert re.fullmatch(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}", stored)
    assert stored != await passwords.hash("correct horse"), "a salt of its own"
    assert not passwords.is_outdated(stored)


@pytest.mark.parametrize("password", ["correct horse", "", "pässwörd", "\ud800", "a\0b", "x" * 100_000])
async def test_only_the_password_itself_passes(passwords, password):
    stored = await passwords.hash(password)
    assert await passwords.verify(stored, password)
    assert not await passwords.verify(stored, f"{password} ")


@pytest.mark.parametrize("password", ["", "correct horse", "\ud800"])
async def test_nobody_has_a_password(passwords, password):
    assert not await passwords.verify(None, password)


async def test_for_nobody_the_same_work_is_done(passwords, monkeypatch):
    seen = []
    verify = PasswordHasher.verify

    def watched(hasher, stored, password):
        seen.append(stored.split("$")[1:4])
        return verify(hasher, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    stored = await passwords.hash("correct horse")
    await passwords.verify(stored, "wrong")
    await passwords.verify(None, "wrong")
    assert seen == [["argon2id", "v=19", "m=19456,t=2,p=1"]] * 2


async def test_hashes_with_other_parameters_are_verified_and_outdated(passwords):
    for other in (PasswordHasher(time_cost=1, memory_cost=1024), PasswordHasher(memory_cost=32_768, parallelism=4)):
        stored = other.hash("correct horse")
        assert await passwords.verify(stored, "correct horse")
        assert not await passwords.verify(stored, "wrong")
        assert passwords.is_outdated(stored)


@pytest.mark.parametrize("stored", ["", "plain text", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=1$x$y", "é"])
async def test_what_is_no_hash_lets_nobody_in(passwords, stored):
    assert not await passwords.verify(stored, stored)
    assert not await passwords.verify(stored, "correct horse")


async def test_a_flood_is_refused_beyond_the_queue_and_forgotten_after_it(blocked):
    passwords = Passwords(threads=1, most_waiting=3)
    flood = [asyncio.ensure_future(passwords.verify(None, "x")) for _ in range(10)]
    refused = await asyncio.gather(*flood[4:], return_exceptions=True)
    assert {type(outcome) for outcome in refused} == {Overloaded}
    assert not any(task.done() for task in flood[:4])
    blocked.release()
    assert await asyncio.gather(*flood[:4]) == [False] * 4
    assert await passwords.verify(None, "x") is False
    passwords.close()


async def test_those_who_leave_give_their_place_in_the_queue_back(blocked):
    passwords = Passwords(threads=1, most_waiting=1)
    first, second = (asyncio.ensure_future(passwords.verify(None, "x")) for _ in range(2))
    await asyncio.to_thread(blocked.running.acquire)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    third = asyncio.ensure_future(passwords.verify(None, "x"))
    await asyncio.sleep(0)
    first.cancel()  # what runs goes on running, so its place stays taken
    await asyncio.gather(first, return_exceptions=True)
    with pytest.raises(Overloaded):
        await passwords.verify(None, "x")
    blocked.release()
    assert await third is False
    passwords.close()


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="threads have no priority of their own here")
async def test_threads_that_hash_step_back_and_the_others_do_not(blocked):
    before = os.getpriority(os.PRIO_PROCESS, 0)
    passwords = Passwords()
    blocked.release()
    await passwords.verify(None, "x")
    assert blocked.niceness == [min(19, before + 10)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
    passwords.close()


async def test_the_event_loop_goes_on_meanwhile(passwords, blocked):
    task = asyncio.ensure_future(passwords.verify(None, "x"))
    await asyncio.to_thread(blocked.running.acquire)
    assert not task.done()
    blocked.release()
    await task
