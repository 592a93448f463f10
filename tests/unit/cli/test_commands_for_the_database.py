"""`migrate` and `keys`, alone on a folder."""

import re
import sqlite3

import pytest

MINTED = re.compile(r"t3-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n")


def test_migrate_is_done_as_often_as_one_likes(run, tmp_path):
    for _ in range(3):
        result = run("migrate")
        assert (result.exit_code, result.stderr) == (0, "")
    assert (tmp_path / "db" / "openposterdb.db").is_file()


def test_a_new_key_is_all_that_is_printed_and_is_listed_without_being_told(run):
    created = run("keys", "create", "living room")
    assert MINTED.fullmatch(created.stdout)
    listed = run("keys", "list").stdout
    assert "living room" in listed
    assert "never used" in listed
    assert created.stdout.strip() not in listed
    assert listed.count("\n") == 1


def test_a_key_is_revoked_by_its_text_or_its_id(run):
    first, _second = run("keys", "create", "a").stdout.strip(), run("keys", "create", "b")
    assert run("keys", "revoke", first).stdout == "Revoked.\n"
    (line,) = run("keys", "list").stdout.splitlines()
    assert run("keys", "revoke", line.split()[0]).exit_code == 0
    empty = run("keys", "list")
    assert (empty.exit_code, empty.stdout) == (0, "")
    assert "openposterdb keys create NAME" in empty.stderr


def test_a_key_may_be_good_for_some_days_only(run):
    run("keys", "create", "guest", "--days", "30")
    run("keys", "create", "home")
    guest, home = run("keys", "list").stdout.splitlines()
    assert re.search(r"until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  guest$", guest)
    assert re.search(r"for ever +home$", home)
    for days in ("0", "-1", "soon", "99999999999"):
        assert run("keys", "create", "guest", "--days", days).exit_code == 2


def test_what_was_done_with_keys_is_in_the_audit_trail(run, tmp_path):
    raw = run("keys", "create", "guest").stdout.strip()
    run("keys", "revoke", raw)
    with sqlite3.connect(tmp_path / "db" / "openposterdb.db") as connection:
        rows = connection.execute("SELECT actor, action, target, detail FROM audit_log ORDER BY id").fetchall()
    label = f"key 1 ({raw[:8]}…)"
    assert rows == [
        ("command line", "key_created", label, "guest"),
        ("command line", "key_revoked", label, "guest"),
    ]


@pytest.mark.parametrize("key", ["1", "999999999999999999", "9" * 40, "t3-unknown", "", "\u0661"])
def test_a_key_that_there_is_not_is_one_line_and_status_1(key, run):
    result = run("keys", "revoke", key)
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b[31m", "ä" * 65, "x" * 129])
def test_a_name_that_would_spoil_the_list_is_refused(name, run):
    result = run("keys", "create", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("migrate",),
        ("keys", "list"),
        ("keys", "create", "x"),
        ("keys", "revoke", "1"),
        ("admins", "list"),
        ("admins", "remove", "x"),
    ],
)
@pytest.mark.parametrize("damage", ["nonsense", "below a file", "a folder", "another program's"])
def test_a_database_that_cannot_be_used_is_one_clear_line(damage, arguments, run, variables, tmp_path):
    spoil(damage, variables, tmp_path)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert "database" in line.lower()
    assert "Error" not in line, "in words, not in names of classes"


def spoil(damage, variables, tmp_path):
    folder = tmp_path / "db"
    match damage:
        case "nonsense":
            folder.mkdir()
            (folder / "openposterdb.db").write_bytes(b"nonsense" * 1000)
        case "below a file":
            (tmp_path / "file").write_text("in the way")
            variables(DB_DIR=str(tmp_path / "file" / "db"))
        case "a folder":
            (folder / "openposterdb.db").mkdir(parents=True)
        case _:
            folder.mkdir()
            with sqlite3.connect(folder / "openposterdb.db") as database:
                database.execute("CREATE TABLE api_keys (id INTEGER)")
            database.close()


def test_the_version_is_printed(run):
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", run("version").stdout)
