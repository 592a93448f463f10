"""`openposterdb import` beside a running server, from a database that the other program still has open."""

import time

from tests.e2e.conftest import KEY
from tests.e2e.processes import command, until
from tests.e2e.titles import opened
from tests.unit.importing.installation import PASSWORD, Installation, fill, raw_key

SEEN_WITHIN = 2.5  # the server looks every second
PATH = "imdb/poster-default/tt99000102.jpg"


def test_imported_keys_open_images_within_seconds_and_admins_log_in(start, upstreams, tmp_path):
    server = start().ready()
    variables = {"DB_DIR": server.variables["DB_DIR"]}
    assert server.get(f"/{raw_key(1)}/{PATH}").status_code == 401
    with Installation(tmp_path / "old.db", wal=True) as running:
        fill(running)
        planned = command("import", str(tmp_path / "old.db"), folder=server.folder, variables=variables)
        assert (planned.returncode, planned.stderr) == (0, "")
        assert server.get(f"/{raw_key(2)}/isValid").status_code == 401, "a plan alone changes nothing"
        done = command("import", str(tmp_path / "old.db"), "--apply", folder=server.folder, variables=variables)
        assert (done.returncode, done.stderr) == (0, "")
    applied_at = time.monotonic()
    until(lambda: server.get(f"/{raw_key(1)}/{PATH}").status_code == 200, "accepted", SEEN_WITHIN)
    assert time.monotonic() - applied_at < SEEN_WITHIN

    own, globally = server.get(f"/{raw_key(1)}/{PATH}"), server.get(f"/{raw_key(2)}/{PATH}")
    assert globally.status_code == 200
    assert own.headers["etag"] != globally.headers["etag"], "drawn with the key's own settings"
    assert opened(own.content).size == opened(globally.content).size
    until(lambda: server.get("/t0-free-rpdb/isValid").status_code == 200, "free for everybody", SEEN_WITHIN)
    assert server.get(f"/{KEY}/{PATH}").status_code == 200, "ours stay"

    assert server.get("/api/auth/status").json()["setup_required"] is False
    login = server.client.post("/api/auth/login", json={"username": "anna", "password": PASSWORD})
    assert login.status_code == 200
    bearer = {"authorization": f"Bearer {login.json()['token']}"}
    names = [key["name"] for key in server.get("/api/keys", headers=bearer).json()]
    assert names == ["tests", "living room", "Wohnzimmer für alle", "phone"]
    told = [*server.out, *server.err, *planned.stdout.splitlines(), *done.stdout.splitlines()]
    assert not any(raw_key(number) in line for number in (1, 2, 3) for line in told)
