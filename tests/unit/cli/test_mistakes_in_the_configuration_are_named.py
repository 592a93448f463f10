"""Every mistake ends the start with status 2 and one line that names the variable, and nothing is made on the disk."""

import pytest

GOOD = {"TMDB_API_KEY": "tmdb-secret", "MDBLIST_API_KEY": "mdblist-secret"}
MISTAKES = [
    ({"TMDB_API_KEY": ""}, "TMDB_API_KEY"),
    ({"MDBLIST_API_KEY": ""}, "MDBLIST_API_KEY"),
    ({"RENDER_CONCURRENCY": "0"}, "RENDER_CONCURRENCY"),
    ({"RENDER_CONCURRENCY": "many"}, "RENDER_CONCURRENCY"),
    ({"RATINGS_STALE_SECS": "-1"}, "RATINGS_STALE_SECS"),
    ({"RATINGS_STALE_SECS": "10", "RATINGS_MAX_AGE_SECS": "9"}, "RATINGS_MAX_AGE_SECS"),
    ({"IMAGE_QUALITY": "300"}, "IMAGE_QUALITY"),
    ({"POSTER_QUALITY": "best"}, "POSTER_QUALITY"),
    ({"IMAGE_MEM_CACHE_MB": "1e3"}, "IMAGE_MEM_CACHE_MB"),
    ({"JWT_SECRET": "secret-and-short"}, "JWT_SECRET"),
    ({"JWT_SECRET": "z" * 64}, "JWT_SECRET"),
    ({"LISTEN_ADDR": "localhost"}, "LISTEN_ADDR"),
    ({"LISTEN_ADDR": "127.0.0.1:70000"}, "LISTEN_ADDR"),
    ({"METRICS_ADDR": "9090"}, "METRICS_ADDR"),
    ({"WORKERS": "0"}, "WORKERS"),
    ({"TRUSTED_PROXIES": "10.0.0.0/8, home"}, "TRUSTED_PROXIES"),
    ({"REQUEST_DEADLINE_SECS": "0"}, "REQUEST_DEADLINE_SECS"),
    ({"REQUEST_DEADLINE_SECS": "nan"}, "REQUEST_DEADLINE_SECS"),
    ({"REQUEST_DEADLINE_SECS": "inf"}, "REQUEST_DEADLINE_SECS"),
    ({"IMAGE_RATE_LIMIT": "fast"}, "IMAGE_RATE_LIMIT"),
    ({"TMDB_API_BASE_URL": "api.themoviedb.org"}, "TMDB_API_BASE_URL"),
    ({"OMDB_API_BASE_URL": "https://user:secret-word@host/"}, "OMDB_API_BASE_URL"),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
    ({"RENDER_SETTINGS": "ratings_limit=3"}, "RENDER_SETTINGS"),
    ({"RENDER_SETTINGS": '{"ratings_limit": 9, "poster_position": "middle"}'}, "RENDER_SETTINGS ratings_limit"),
    ({"RENDER_SETTINGS": '{"rating_limit": 3}'}, "rating_limit: is no render setting"),
    ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
    ({"ACCESS_LOG": "some"}, "ACCESS_LOG"),
    ({"DATABASE_URL": "mysql://root:secret-word@host/db"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL"),
    ({"DATABASE_URL": "no url with secret-word"}, "DATABASE_URL"),
]


CASES = [
    pytest.param(command, mistake, name, id=f"{command} {' '.join(mistake)}")
    for command in ("serve", "run", "doctor")
    for mistake, name in MISTAKES
    if (command, name) != ("run", "TMDB_API_KEY")  # without it, `run` is the demo
]


@pytest.mark.parametrize(("command", "mistake", "name"), CASES)
def test_a_mistake_is_one_line_that_names_its_variable(command, mistake, name, run, variables, tmp_path):
    variables(**{**GOOD, **mistake})
    result = run(command)
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    assert name in line
    assert "secret" not in line.replace("JWT_SECRET", "")
    assert line.endswith(".")
    assert list(tmp_path.iterdir()) == []


def test_every_mistake_is_told_at_once(run, variables):
    variables(**GOOD, WORKERS="none", LOG_LEVEL="loud", IMAGE_STALE_SECS="-5")
    result = run("serve")
    assert result.exit_code == 2
    assert sorted(line.split()[0] for line in result.output.splitlines()) == [
        "IMAGE_STALE_SECS",
        "LOG_LEVEL",
        "WORKERS",
    ]


@pytest.mark.parametrize(
    "arguments", [("migrate",), ("keys", "list"), ("keys", "create", "x"), ("keys", "revoke", "1")]
)
def test_commands_for_the_database_need_no_upstream_key_but_a_good_address(arguments, run, variables, tmp_path):
    variables(DATABASE_URL="mysql://root:secret-word@host/db")
    result = run(*arguments)
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    assert "DATABASE_URL" in line
    assert "secret" not in line
