"""`doctor` with a double of the upstreams: a verdict a line, in words that say what to do."""

import socket

import httpx
import pytest

from tests.servers.bucket import ACCESS_KEY, SECRET_KEY

SERVICES = ("tmdb", "fanart", "mdblist", "omdb")


@pytest.fixture
def doctor(run, variables, double):
    def examine(**changes):
        variables(**{**double, "REQUEST_DEADLINE_SECS": "1", **changes})
        result = run("doctor")
        findings = dict(line[2:].split(": ", 1) for line in result.output.splitlines())
        marks = {line[2:].split(": ", 1)[0]: line[0] for line in result.output.splitlines()}
        return result.exit_code, findings, marks

    return examine


@pytest.fixture
def fault(double):
    control = double["TMDB_API_BASE_URL"].removesuffix("/tmdb/3") + "/__double__/faults"

    def put(**fault):
        httpx.put(control, json=[fault], trust_env=False).raise_for_status()

    yield put
    httpx.delete(control, trust_env=False).raise_for_status()


def test_all_is_well(doctor, tmp_path):
    code, findings, marks = doctor()
    assert code == 0
    assert set(marks.values()) == {"✓"}
    assert list(findings) == ["configuration", "renderer", "memory", "CACHE_DIR", "database", *SERVICES]
    assert {findings[service] for service in SERVICES} == {"ok"}
    assert findings["CACHE_DIR"].startswith(f"{tmp_path / 'cache'} is writable")


@pytest.mark.parametrize(
    ("secret", "mark", "verdict"),
    [(SECRET_KEY, "✓", "the bucket is writable"),
     ("wrong", "✗", "the bucket cannot be written: image store: PermissionDeniedError")],
)  # fmt: skip
def test_a_bucket_is_written_to(doctor, bucket_server, secret, mark, verdict):
    bucket = f"s3://{bucket_server.create()}?endpoint={bucket_server.endpoint}"
    keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": secret}
    _, findings, marks = doctor(IMAGE_STORE_URL=bucket, **keys)
    assert (marks["IMAGE_STORE_URL"], findings["IMAGE_STORE_URL"]) == (mark, verdict)
    assert "CACHE_DIR" not in findings


def test_postgresql_is_asked(doctor, postgres_url):
    _, findings, _ = doctor(DATABASE_URL=postgres_url)
    assert findings["database"] == "ok"
    _, findings, marks = doctor(DATABASE_URL="postgresql://u:secret@127.0.0.1:1/db")
    assert marks["database"] == "✗"
    assert "secret" not in str(findings)


@pytest.mark.parametrize("service", SERVICES)
def test_a_wrong_key_names_its_variable(service, doctor):
    code, findings, marks = doctor(**{f"{service.upper()}_API_KEY": "wrong-secret"})
    assert code == 1
    assert findings[service] == f"key refused: check {service.upper()}_API_KEY"
    assert [name for name, mark in marks.items() if mark == "✗"] == [service]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ({"kind": "hang"}, "timed out"),
        ({"kind": "status", "status": 429}, "throttled"),
        ({"kind": "reset"}, "unreachable"),
        ({"kind": "html"}, "broken"),
        ({"kind": "status", "status": 503}, "broken"),
    ],
    ids=["hang", "429", "reset", "HTML", "503"],
)
def test_an_upstream_that_fails_is_told_in_one_word(service, kind, verdict, doctor, fault):
    fault(**kind, service=service)
    code, findings, marks = doctor()
    assert code == 1
    assert findings[service].startswith(verdict)
    assert [name for name, mark in marks.items() if mark == "✗"] == [service]


def test_a_host_that_nobody_listens_on_is_unreachable(doctor):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        code, findings, _ = doctor(TMDB_API_BASE_URL=f"http://127.0.0.1:{closed.getsockname()[1]}/3")
    assert (code, findings["tmdb"]) == (1, "unreachable")


def test_what_is_not_configured_is_fine_but_said(doctor):
    code, findings, _ = doctor(FANART_API_KEY="", OMDB_API_KEY="")
    assert code == 0
    assert findings["fanart"] == "not configured (FANART_API_KEY is not set)"
    assert findings["omdb"] == "not configured (OMDB_API_KEY is not set)"


def test_folders_that_cannot_be_written_are_named(doctor, tmp_path):
    (tmp_path / "file").write_text("in the way")
    code, findings, _ = doctor(CACHE_DIR=str(tmp_path / "file" / "cache"), DB_DIR=str(tmp_path / "file" / "db"))
    assert code == 1
    assert findings["CACHE_DIR"] == f"{tmp_path / 'file' / 'cache'} cannot be written: Not a directory"
    assert findings["database"].startswith("cannot be opened")
    assert "DB_DIR" in findings["database"]


def test_a_damaged_database_is_told(doctor, tmp_path):
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "openposterdb.db").write_bytes(b"nonsense" * 1000)
    code, findings, _ = doctor()
    assert code == 1
    assert findings["database"].startswith("is damaged")


def test_the_doctor_changes_nothing_and_tells_no_secret(doctor, tmp_path, double, run):
    _, findings, _ = doctor()
    assert findings["database"] == "ok, will be migrated at the next start"
    keys = [value for name, value in double.items() if name.endswith("_KEY")]
    assert not any(key in text for key in keys for text in findings.values())
    assert run("migrate").exit_code == 0
    _, findings, _ = doctor()
    assert findings["database"] == "ok"
    assert list((tmp_path / "cache").iterdir()) == []
