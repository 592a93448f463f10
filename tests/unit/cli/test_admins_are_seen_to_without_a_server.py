"""`admins`: whoever has the machine needs no password to replace one."""

import sqlite3

import pytest
from argon2 import PasswordHasher

PASSWORD = "correct horse"


@pytest.fixture
def stored(tmp_path):
    """Rows of the database, read behind the commands' back."""

    def read(query):
        with sqlite3.connect(tmp_path / "db" / "openposterdb.db") as connection:
            return connection.execute(query).fetchall()

    return read


def test_an_admin_is_made_and_listed(run, stored):
    made = run("admins", "create", "anna", piped=f"{PASSWORD}\n")
    assert (made.exit_code, made.stdout) == (0, "Created anna.\n")
    (line,) = run("admins", "list").stdout.splitlines()
    assert line.split()[0] == "1"
    assert line.endswith("anna")
    ((password_hash,),) = stored("SELECT password_hash FROM admin_users")
    assert password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_password_is_in_no_output_and_in_no_table(run, tmp_path):
    made = run("admins", "create", "anna", piped=f"{PASSWORD}\n")
    changed = run("admins", "password", "anna", piped=f"{PASSWORD}2\n")
    assert PASSWORD not in made.output + changed.output
    assert not [file for file in (tmp_path / "db").iterdir() if PASSWORD.encode() in file.read_bytes()]


def test_a_name_is_taken_once(run):
    run("admins", "create", "anna", piped=PASSWORD)
    again = run("admins", "create", "anna", piped=PASSWORD)
    assert (again.exit_code, again.stdout) == (1, "")
    assert len(again.stderr.splitlines()) == 1
    assert run("admins", "list").stdout.count("anna") == 1


@pytest.mark.parametrize("name", ["", "a b", "a\tb", "\x1b[31m", "ä" * 65])
def test_a_name_that_no_admin_may_have_is_refused_before_a_password_is_asked_for(name, run, tmp_path):
    result = run("admins", "create", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("The username must ")
    assert not (tmp_path / "db").exists()


@pytest.mark.parametrize("password", ["", "short", "x" * 257, "bell\arings"])
@pytest.mark.parametrize("command", ["create", "password"])
def test_a_bad_password_is_refused(command, password, run):
    result = run("admins", command, "anna", piped=f"{password}\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("The password must ")


def test_a_password_that_is_no_text_is_refused(run):
    assert run("admins", "create", "anna", piped=b"\xff\xfe bytes\n").exit_code == 2


def test_only_the_first_line_is_the_password(run, stored):
    run("admins", "create", "anna", piped=f"{PASSWORD}\r\nmore\n")
    ((first,),) = stored("SELECT password_hash FROM admin_users")
    assert PasswordHasher().verify(first, PASSWORD)


def test_a_new_password_ends_the_sessions(run, stored):
    run("admins", "create", "anna", piped=PASSWORD)
    ((before, since),) = stored("SELECT password_hash, sessions_from FROM admin_users")
    assert run("admins", "password", "anna", piped="another horse").exit_code == 0
    ((after, later),) = stored("SELECT password_hash, sessions_from FROM admin_users")
    assert after != before
    assert later > since


def test_the_last_admin_stays(run):
    run("admins", "create", "anna", piped=PASSWORD)
    refused = run("admins", "remove", "anna")
    assert (refused.exit_code, refused.stdout) == (1, "")
    run("admins", "create", "berta", piped=PASSWORD)
    assert run("admins", "remove", "anna").exit_code == 0
    assert "anna" not in run("admins", "list").stdout


@pytest.mark.parametrize("name", ["nobody", "", "\udcff", "a\0b"])
@pytest.mark.parametrize("command", ["password", "remove"])
def test_an_admin_that_there_is_not_is_one_line_and_status_1(command, name, run):
    result = run("admins", command, name, piped=PASSWORD)
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1


def test_nobody_is_said_to_be_there(run):
    empty = run("admins", "list")
    assert (empty.exit_code, empty.stdout) == (0, "")
    assert "openposterdb admins create NAME" in empty.stderr


def test_what_was_done_is_in_the_audit_trail(run, stored):
    run("admins", "create", "anna", piped=PASSWORD)
    run("admins", "create", "berta", piped=PASSWORD)
    run("admins", "password", "anna", piped=PASSWORD)
    run("admins", "remove", "berta")
    assert stored("SELECT actor, action, target FROM audit_log ORDER BY id") == [
        ("command line", "admin_added", "anna"),
        ("command line", "admin_added", "berta"),
        ("command line", "password_changed", "anna"),
        ("command line", "admin_removed", "berta"),
    ]
