"""The other installation's database is read as it lies: running or not, with a log beside it or not, or not at all."""

import hashlib
import os
import shutil
import sqlite3
import tempfile
import threading
from pathlib import Path

import pytest

from openposterdb.importing import SourceError, read_source
from tests.unit.importing.installation import Installation, fill, small_installation


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize("wal", [False, True])
def test_a_database_at_rest_is_read_and_its_folder_left_as_it_was(wal, tmp_path):
    path = small_installation(tmp_path / "old.db", wal=wal)
    before = digests(tmp_path)
    source = read_source(path)
    assert digests(tmp_path) == before, "no byte, and no file beside it"
    assert len(source.rows("api_keys")) == 3
    assert source.others == {"available_ratings": 1, "image_meta": 1, "refresh_tokens": 2}


async def test_an_import_changes_no_byte_of_its_source(tmp_path, importer):
    old = tmp_path / "old"
    old.mkdir()
    source = read_source(small_installation(old / "old.db", wal=True))
    before = digests(old)
    await importer.plan(source)
    await importer.apply(source)
    assert digests(old) == before


def test_what_only_the_log_has_is_read_while_the_other_program_runs(tmp_path):
    path = tmp_path / "old.db"
    with Installation(path, wal=True) as running:
        running.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        running.execute("PRAGMA wal_autocheckpoint = 0")
        fill(running)
        before = digests(tmp_path)
        assert len(read_source(path).rows("api_keys")) == 3
        after = digests(tmp_path)
        for name in ("old.db", "old.db-wal"):
            assert after[name] == before[name]
        running.add_key(9, created_by=1)
        assert len(read_source(path).rows("api_keys")) == 4


def test_a_log_that_a_crash_left_is_read(tmp_path):
    with Installation(tmp_path / "old.db", wal=True) as running:
        fill(running)
        copies = tmp_path / "copies"
        copies.mkdir()
        for name in ("old.db", "old.db-wal"):
            shutil.copy(tmp_path / name, copies / name)
    assert len(read_source(copies / "old.db").rows("api_keys")) == 3


def test_one_moment_is_read_while_the_other_program_writes(tmp_path):
    """Keys and settings are written in pairs: what is read never holds half of one."""
    path = small_installation(tmp_path / "old.db", wal=True)
    stop, failed = threading.Event(), []

    def write():
        with Installation(path, schema="") as running:
            number = 100
            while not stop.is_set():
                running.execute("BEGIN")
                running.add_key(number, created_by=1, name=str(number))
                running.add("global_settings", key=str(number), value="x")
                running.execute("COMMIT")
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(20):
            source = read_source(path)
            keys = {row["name"] for row in source.rows("api_keys") if row["name"].isdigit()}
            values = {row["key"] for row in source.rows("global_settings") if row["key"].isdigit()}
            failed += [keys ^ values] if keys != values else []
    finally:
        stop.set()
        writer.join()
    assert failed == []


def test_odd_names_of_files_are_no_uris(tmp_path):
    path = small_installation(tmp_path / "old ?mode=rwc#100%.db")
    assert len(read_source(path).rows("api_keys")) == 3


@pytest.fixture
def as_anybody():
    """Root may read everything, so root is nobody for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


@pytest.fixture
def closed_file():
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # not below pytest's own, which is closed to others
        Path(folder).chmod(0o755)
        path = small_installation(Path(folder) / "old.db")
        path.chmod(0)
        yield path


def test_a_file_of_somebody_else_is_told(closed_file, as_anybody):
    with pytest.raises(SourceError, match=r"^cannot be read \(permission denied\)$"):
        read_source(closed_file)


def refusal(path):
    before = digests(path.parent) if path.is_file() else None
    with pytest.raises(SourceError) as error:
        read_source(path)
    assert before is None or digests(path.parent) == before
    return str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    assert refusal(tmp_path / "none.db") == "does not exist"
    assert list(tmp_path.iterdir()) == []


def test_a_folder(tmp_path):
    assert refusal(tmp_path) == "is a folder: name the database file"
    small_installation(tmp_path / "openposterdb.db")
    assert refusal(tmp_path) == f"is a folder: name the file in it: {tmp_path / 'openposterdb.db'}"


@pytest.mark.parametrize("content", [b"nonsense" * 1000, b"SQLite format 2", b"SQLite format 3\x00" + b"x" * 5000])
def test_a_file_that_is_no_database(content, tmp_path):
    (tmp_path / "old.db").write_bytes(content)
    assert refusal(tmp_path / "old.db") == "is not a SQLite database"


def test_an_empty_file(tmp_path):
    (tmp_path / "old.db").touch()
    assert refusal(tmp_path / "old.db") == "is not the database of an OpenPosterDB: it has no tables"


def test_a_database_of_something_else(tmp_path):
    Installation(tmp_path / "old.db", "CREATE TABLE films (id integer); CREATE VIEW api_keys AS SELECT 1;").close()
    assert refusal(tmp_path / "old.db") == "is not the database of an OpenPosterDB: its tables are films"
    Installation(tmp_path / "other.db", "CREATE TABLE api_keys (id integer, token text)").close()
    assert refusal(tmp_path / "other.db").endswith("api_keys has no column key_hash")


def test_a_damaged_database(tmp_path):
    path = small_installation(tmp_path / "old.db")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    assert refusal(path) == "is damaged: copy it again while the other program does not run"


def test_a_database_that_another_program_keeps_to_itself(tmp_path, monkeypatch):
    monkeypatch.setattr("openposterdb.importing.source._BUSY_SECONDS", 0.05)
    path = small_installation(tmp_path / "old.db")
    with Installation(path, schema="") as running:
        running.execute("BEGIN EXCLUSIVE")
        assert refusal(path).startswith("is locked by another program")


def test_bytes_that_are_no_utf8_do_not_stop_it(tmp_path):
    path = tmp_path / "old.db"
    with Installation(path) as installation:
        installation.add_admin("root")
        installation.execute("UPDATE admin_users SET username = CAST(x'ff41' AS text)")
    (row,) = read_source(path).rows("admin_users")
    assert row["username"] == "\udcffA"


def test_nothing_can_be_written_through_it(tmp_path):
    from openposterdb.importing.source import _connect

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        _connect(small_installation(tmp_path / "old.db"), "mode=ro").execute("DELETE FROM api_keys")
