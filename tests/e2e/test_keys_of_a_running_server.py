"""`openposterdb keys` beside a server: what it changes is seen within two seconds, by the hot path too."""

import time

from tests.e2e.conftest import KEY
from tests.e2e.processes import command, until

SEEN_WITHIN = 2.5  # the server looks every second


def test_a_new_key_is_accepted_and_a_revoked_one_refused(server):
    variables = {"DB_DIR": server.variables["DB_DIR"]}

    def keys(*arguments):
        done = command("keys", *arguments, folder=server.folder, variables=variables)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    key = keys("create", "living room").strip()
    poster = f"/{key}/imdb/poster-default/tt99000102.jpg"
    assert server.get(poster).status_code == 200
    assert server.get(poster).status_code == 200, "from the hot path"

    lines = {line.rpartition("  ")[2]: line for line in keys("list").splitlines()}
    assert set(lines) == {"tests", "living room"}
    assert key[:8] in lines["living room"]
    assert not any(secret in line for line in lines.values() for secret in (key, KEY))

    assert keys("revoke", lines["living room"].split()[0]) == "Revoked.\n"
    revoked_at = time.monotonic()
    until(lambda: server.get(poster).status_code == 401, "refused", SEEN_WITHIN)
    assert time.monotonic() - revoked_at < SEEN_WITHIN
    assert server.get(f"/{KEY}/imdb/poster-default/tt99000102.jpg").status_code == 200
    assert not any(key in line for line in server.out + server.err)


def test_revoking_a_key_that_there_is_not_says_so(server):
    unknown = "t3-00000000-0000-4000-8000-000000000000"
    done = command("keys", "revoke", unknown, folder=server.folder, variables={"DB_DIR": server.variables["DB_DIR"]})
    assert done.returncode == 1
    assert done.stderr == "There is no such key; `openposterdb keys list` shows them with their ids.\n"
