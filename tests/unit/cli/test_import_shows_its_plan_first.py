"""`import`: says what it would do, does it when told to, and tells no secret."""

import pytest

from openposterdb.importing import Importer
from tests.unit.importing.installation import Installation, contents, raw_key, sha256, small_installation


@pytest.fixture
def old(tmp_path):
    (tmp_path / "old").mkdir()
    return small_installation(tmp_path / "old" / "openposterdb.db", wal=True)


def test_a_dry_run_ends_with_the_line_that_applies_it(run, old, tmp_path):
    result = run("import", str(old))
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == f"To be imported from {old}:"
    assert lines[-1] == f"Nothing has been changed. To apply it: openposterdb import {old} --apply"
    assert contents(tmp_path / "db" / "openposterdb.db", "api_keys") == []
    assert contents(tmp_path / "db" / "openposterdb.db", "admin_users") == []


def test_applying_prints_the_same_plan_as_done(run, old, tmp_path):
    planned, done = run("import", str(old)).stdout.splitlines(), run("import", str(old), "--apply").stdout.splitlines()
    assert done[0] == f"Imported from {old}:"
    assert done[1:-1] == planned[1:-1]
    assert (
        done[-1]
        == "Done. Added admins: 2, keys: 3, settings of keys: 1, global settings: 16. Running servers know within two seconds."
    )
    assert {key["key_hash"] for key in contents(tmp_path / "db" / "openposterdb.db", "api_keys")} == {
        sha256(raw_key(number)) for number in (1, 2, 3)
    }
    listed = run("keys", "list").stdout
    assert "living room" in listed
    assert "2026-11-20 17:30:00" in listed


def test_a_second_time_there_is_nothing_to_do(run, old):
    run("import", str(old), "--apply")
    for arguments in ((), ("--apply",)):
        result = run("import", str(old), *arguments)
        assert result.exit_code == 0
        assert result.stdout.startswith(f"Compared with {old}:")
        assert result.stdout.endswith("There is nothing to import: what can be taken over is here already.\n")
        assert "  + " not in result.stdout


def test_no_hash_is_printed(run, old):
    secrets = [row["password_hash"] for row in contents(old, "admin_users")]
    secrets += [row["key_hash"] for row in contents(old, "api_keys")]
    secrets += [row["token_hash"] for row in contents(old, "refresh_tokens")]
    secrets += [raw_key(number) for number in (1, 2, 3)]
    for arguments in ((), ("--apply",), ()):
        output = run("import", str(old), *arguments).output
        assert not any(secret in output or secret[-16:] in output for secret in secrets)


def test_a_name_with_blanks_can_be_copied_from_the_last_line(run, old, tmp_path):
    moved = old.rename(tmp_path / "my old.db")
    assert run("import", str(moved)).stdout.endswith(f"openposterdb import '{moved}' --apply\n")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.unlink(), "does not exist"),
        (lambda path: path.write_bytes(b"nonsense" * 100), "is not a SQLite database"),
        (lambda path: path.write_bytes(b""), "is not the database of an OpenPosterDB: it has no tables"),
        (lambda path: (path.unlink(), path.mkdir()), "is a folder: name the database file"),
    ],
    ids=["missing", "nonsense", "empty", "folder"],
)
def test_a_source_that_cannot_be_used_is_one_line_and_nothing_is_made(spoil, reason, run, old, tmp_path):
    spoil(old)
    result = run("import", str(old))
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{old} {reason}.\n")
    assert not (tmp_path / "db").exists()


def test_a_database_is_not_imported_into_itself(run, old, variables):
    variables(DB_DIR=str(old.parent))
    before = old.read_bytes()
    result = run("import", str(old))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{old} is the database to import into: point DB_DIR or DATABASE_URL elsewhere.\n"
    assert old.read_bytes() == before
    assert list(old.parent.iterdir()) == [old]


def test_a_target_of_another_program_is_refused_unchanged(run, old, tmp_path, variables):
    other = small_installation(tmp_path / "openposterdb.db")
    variables(DB_DIR=str(tmp_path))
    result = run("import", str(old), "--apply")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "start with a fresh one and import it" in result.stderr
    assert contents(other, "api_keys") == contents(old, "api_keys")


def test_what_changes_under_the_import_is_one_line(run, old, monkeypatch):
    """Another process adds the same key in between, which only a database of several writers allows."""
    planned = Importer._plan

    async def plan_and_be_overtaken(self, connection, source):
        plan = await planned(self, connection, source)
        await connection.exec_driver_sql(
            "INSERT INTO admin_users (username, password_hash, created_at) VALUES ('root', 'x', 'now')"
        )
        return plan

    monkeypatch.setattr(Importer, "_plan", plan_and_be_overtaken)
    result = run("import", str(old), "--apply")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Nothing was imported (it changed meanwhile or refuses a value). Try again.\n"


def test_an_installation_without_anything_is_fine(run, tmp_path):
    Installation(tmp_path / "old.db").close()
    result = run("import", str(tmp_path / "old.db"), "--apply")
    assert result.exit_code == 0
    assert result.stdout.endswith("There is nothing to import: what can be taken over is here already.\n")
