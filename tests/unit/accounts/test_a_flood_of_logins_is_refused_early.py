"""While as many wait as may wait, a login costs neither a hash nor a look into the database, and no failure is counted."""

import pytest

from openposterdb.accounts.passwords import Passwords
from openposterdb.errors import Overloaded
from openposterdb.storage.repositories import AdminRepository


@pytest.fixture
def passwords():
    opened = Passwords(threads=1, most_waiting=2)
    yield opened
    opened.close()


async def test_the_database_is_not_asked_for_whom_nobody_can_wait(admins, passwords, monkeypatch):
    asked = []
    find = AdminRepository.find

    async def watched(self, username):
        asked.append(username)
        return await find(self, username)

    monkeypatch.setattr(AdminRepository, "find", watched)
    await admins.setup("ada", "correct horse")
    asked.clear()
    taken = 0
    while passwords._places.acquire(blocking=False):
        taken += 1
    assert taken == 3
    for _ in range(50):
        with pytest.raises(Overloaded):
            await admins.login("ada", "wrong horse")
    assert asked == []
    passwords._places.release()
    assert (await admins.login("ada", "correct horse")).admin.username == "ada", "it was not locked out meanwhile"
