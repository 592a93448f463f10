"""Every variable: its default, what it understands, and the words for what it does not."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr

from openposterdb.config import Bind, ConfigurationError, Environment, RateLimit
from openposterdb.config.bucket_address import BucketAddress
from openposterdb.config.environment import SILENT_FILMS
from tests.unit.config.conftest import LEAST, SECRETS

SECRET = "0123456789abcdefABCDEF" + "0" * 42

DEFAULTS = {
    "render_memory_mb": 512,
    **dict.fromkeys(("tmdb_quota", "fanart_quota", "mdblist_quota", "omdb_quota"), (None, None)),
    "mdblist_api_key": SecretStr(LEAST["MDBLIST_API_KEY"]),
    "tmdb_api_key": SecretStr(LEAST["TMDB_API_KEY"]),
    "omdb_api_key": None,
    "fanart_api_key": None,
    "tmdb_api_base_url": "https://api.themoviedb.org/3",
    "tmdb_image_base_url": "https://image.tmdb.org/t/p",
    "fanart_api_base_url": "https://webservice.fanart.tv/v3",
    "fanart_image_base_url": "https://assets.fanart.tv",
    "mdblist_api_base_url": "https://api.mdblist.com",
    "omdb_api_base_url": "https://www.omdbapi.com",
    "listen_addr": Bind("0.0.0.0", 3000),
    "metrics_addr": Bind("0.0.0.0", 9090),
    "workers": 1,
    "trusted_proxies": (),
    "request_deadline_secs": 25.0,
    "drain_linger_secs": 0,
    "image_rate_limit": RateLimit(240, 5.0),
    "is_valid_rate_limit": RateLimit(30, 10.0),
    "cdn_rate_limit": RateLimit(240, 5.0),
    "auth_rate_limit": RateLimit(10, 0.125),
    "db_dir": Path("db"),
    "cache_dir": Path("cache"),
    "cache_max_mb": None,
    "redis_url": None,
    "image_store_url": None,
    "database_url": None,
    "external_cache_only": False,
    "enable_cdn_redirects": False,
    "image_quality": 85,
    "image_mem_cache_mb": 512,
    "image_stale_secs": 0,
    "ratings_stale_secs": 86_400,
    "ratings_max_age_secs": 31_536_000,
    "cross_id_concurrency": None,
    "jwt_secret": None,
    "admin_username": None,
    "admin_password": None,
    "setup_token": None,
    "free_key_enabled": None,
    "cookie_secure": True,
    "cors_origin": None,
    "static_dir": None,
    "public_pages": True,
    "wall_titles": SILENT_FILMS,
    "access_log": "all",
    "otel_exporter_otlp_endpoint": None,
    "otel_exporter_otlp_traces_endpoint": None,
    "render_settings": None,
    "log_level": "info",
    "log_format": "json",
}

UNDERSTOOD = [
    ("LISTEN_ADDR", "127.0.0.1:8080", Bind("127.0.0.1", 8080)),
    ("LISTEN_ADDR", "[::]:3000", Bind("::", 3000)),
    ("LISTEN_ADDR", " localhost:0 ", Bind("localhost", 0)),
    ("METRICS_ADDR", "off", None),
    ("METRICS_ADDR", "OFF", None),
    ("METRICS_ADDR", "127.0.0.1:0", Bind("127.0.0.1", 0)),
    ("WORKERS", "4", 4),
    ("CACHE_MAX_MB", "2048", 2048),
    ("IMAGE_STORE_URL", "s3://images/a?region=eu-1", BucketAddress("images", "a", region="eu-1")),
    ("TRUSTED_PROXIES", "10.0.0.0/8, ::1", (ip_network("10.0.0.0/8"), ip_network("::1/128"))),
    ("TRUSTED_PROXIES", "10.1.2.3/8,", (ip_network("10.0.0.0/8"),)),
    ("REQUEST_DEADLINE_SECS", "2.5", 2.5),
    ("DRAIN_LINGER_SECS", "15", 15),
    ("IMAGE_RATE_LIMIT", "10/0.5", RateLimit(10, 0.5)),
    ("PUBLIC_PAGES", "false", False),
    ("WALL_TITLES", "imdb/tt0017136, tvdb/81189,", ("imdb/tt0017136", "tvdb/81189")),
    ("IMAGE_RATE_LIMIT", "off", None),
    ("IS_VALID_RATE_LIMIT", "1/1", RateLimit(1, 1.0)),
    ("CACHE_DIR", "/data/cache", Path("/data/cache")),
    ("DB_DIR", "/data/db", Path("/data/db")),
    ("IMAGE_QUALITY", "70", 70),
    ("IMAGE_QUALITY", "255", 255),
    ("IMAGE_MEM_CACHE_MB", "0", 0),
    ("IMAGE_STALE_SECS", "3600", 3600),
    ("RATINGS_STALE_SECS", "0", 0),
    ("RATINGS_MAX_AGE_SECS", "86400", 86_400),
    ("RENDER_CONCURRENCY", "3", 3),
    ("CROSS_ID_CONCURRENCY", "0", 0),
    ("TMDB_API_BASE_URL", "http://127.0.0.1:4000/3/", "http://127.0.0.1:4000/3"),
    ("FANART_IMAGE_BASE_URL", "https://assets.example:8443", "https://assets.example:8443"),
    ("CORS_ORIGIN", "https://admin.example", "https://admin.example"),
    ("JWT_SECRET", SECRET, SecretStr(SECRET)),
    ("ADMIN_USERNAME", "root admin", "root admin"),  # not validated
    ("ADMIN_PASSWORD", "short", SecretStr("short")),
    ("SETUP_TOKEN", "let me in", SecretStr("let me in")),
    ("ACCESS_LOG", "problems", "problems"),
    ("LOG_LEVEL", "WARN", "warning"),
    ("LOG_LEVEL", "Debug", "debug"),
    ("LOG_FORMAT", "console", "console"),
    *(
        (name, text, text.lower() in {"true", "1"})
        for name in ("EXTERNAL_CACHE_ONLY", "ENABLE_CDN_REDIRECTS")
        for text in ("true", "1", "TRUE", "yes", "on", "0", "x")
    ),
    *(("FREE_KEY_ENABLED", text, text in {"true", "1"}) for text in ("true", "1", "false", "0", "anything")),
    *(("COOKIE_SECURE", text, text not in {"false", "0"}) for text in ("true", "1", "false", "0", "no", "off")),
]

REFUSED = {
    "LISTEN_ADDR": ["3000", "0.0.0.0", "0.0.0.0:", ":3000", "::1:3000", "h:65536", "h:-1", "h:x", "h:٣"],
    "METRICS_ADDR": ["9090", "x"],
    "REDIS_URL": ["localhost", "http://redis"],
    "CACHE_MAX_MB": ["0", "15", "-1", "many"],
    "IMAGE_STORE_URL": ["images", "http://images/a", "s3://", "s3://images?acl=public"],
    "WORKERS": ["0", "-1", "65", "two", "1.5"],
    "TRUSTED_PROXIES": ["10.0.0.0/33", "proxy.example", "10.0.0.1 10.0.0.2"],
    "DRAIN_LINGER_SECS": ["-1", "301", "1.5", "soon"],
    "REQUEST_DEADLINE_SECS": ["0", "-1", "601", "nan", "soon"],
    "IMAGE_RATE_LIMIT": ["240", "0/5", "240/0", "240/-1", "240/inf", "240/nan", "a/b", "1/1/1", "-1/1"],
    "IS_VALID_RATE_LIMIT": ["x", "1.5/1"],
    "CDN_RATE_LIMIT": ["240", "0/5"],
    "IMAGE_QUALITY": ["-1", "256", "high", "85.5"],
    "IMAGE_MEM_CACHE_MB": ["-1", "512MB", "1048577"],
    "IMAGE_STALE_SECS": ["-1", "1d"],
    "RATINGS_STALE_SECS": ["-1", "daily"],
    "RATINGS_MAX_AGE_SECS": ["0", "-1", "3600"],
    "RENDER_CONCURRENCY": ["0", "-2", "many", "1025"],
    "CROSS_ID_CONCURRENCY": ["-1", "x"],
    "TMDB_API_BASE_URL": [
        "api.themoviedb.org/3",
        "ftp://x/3",
        "https://",
        "https://x/3?a=b",
        "https://x/#f",
        "https://x:99999",
    ],
    "OMDB_API_BASE_URL": ["https://user:pass@omdb.example", "http:///x"],
    "JWT_SECRET": ["abc", "0" * 63, "0" * 65, "g" * 64, "0" * 62 + " 0", " " * 64],
    "ACCESS_LOG": ["some"],
    "LOG_LEVEL": ["loud", "trace,sql=info"],
    "LOG_FORMAT": ["xml"],
}


def test_every_variable_has_its_documented_default(configure):
    environment = configure()
    found = {name: getattr(environment, name) for name in Environment.model_fields}
    assert found.pop("render_concurrency") >= 2
    assert found == DEFAULTS


@pytest.mark.parametrize(("name", "text", "value"), UNDERSTOOD)
def test_what_is_understood(configure, name, text, value):
    found = getattr(configure(**{name: text}), name.lower())
    assert found == value
    assert type(found) is type(value) or isinstance(found, Path)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in REFUSED.items() for text in texts])
def test_a_bad_value_stops_the_start_with_one_line_that_names_the_variable(configure, name, text):
    with pytest.raises(ConfigurationError) as caught:
        configure(**{name: text})
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{name} ")
    assert line.endswith(".")
    assert "_BASE_URL" in name or len(line) < 200
    assert "Value error" not in line
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("name", [*(name for name in DEFAULTS if name not in {"tmdb_api_key", "mdblist_api_key"})])
def test_an_empty_variable_counts_as_unset(configure, name):
    assert getattr(configure(**{name.upper(): ""}), name) == DEFAULTS[name]


def test_quality_is_clamped(configure):
    assert [configure(IMAGE_QUALITY=text).quality for text in ("0", "1", "85", "100", "255")] == [1, 1, 85, 100, 100]


@pytest.mark.parametrize(
    ("older", "newer", "value"),
    [
        ("POSTER_QUALITY", "IMAGE_QUALITY", 60),
        ("POSTER_MEM_CACHE_MB", "IMAGE_MEM_CACHE_MB", 64),
        ("POSTER_STALE_SECS", "IMAGE_STALE_SECS", 1000),
    ],
)
class TestNamesOfOlderReleases:
    def test_they_are_understood(self, configure, older, newer, value):
        assert getattr(configure(**{older: str(value)}), newer.lower()) == value

    def test_the_newer_name_counts_where_both_are_given(self, configure, older, newer, value):
        assert getattr(configure(**{older: "7", newer: str(value)}), newer.lower()) == value

    def test_an_empty_newer_one_does_not(self, configure, older, newer, value):
        assert getattr(configure(**{older: str(value), newer: ""}), newer.lower()) == value

    def test_a_complaint_names_the_one_that_was_given(self, configure, older, newer, value):
        with pytest.raises(ConfigurationError, match=f"^{older} "):
            configure(**{older: "x"})
        with pytest.raises(ConfigurationError, match=f"^{newer} "):
            configure(**{older: "1", newer: "x"})


def test_the_key_of_tmdb_is_required_and_where_to_get_one_is_said(configure):
    for value in (None, ""):
        with pytest.raises(ConfigurationError, match=r"^TMDB_API_KEY is not set: .*https?://") as caught:
            configure(TMDB_API_KEY=value)
        assert "openposterdb demo" in str(caught.value)


def test_one_ratings_provider_is_required(configure):
    with pytest.raises(ConfigurationError, match=r"^MDBLIST_API_KEY or OMDB_API_KEY must be set"):
        configure(MDBLIST_API_KEY=None)
    assert configure(MDBLIST_API_KEY="", OMDB_API_KEY="x").omdb_api_key


def test_the_longest_age_is_not_less_than_the_shortest(configure):
    with pytest.raises(ConfigurationError, match="RATINGS_MAX_AGE_SECS must not be less than RATINGS_STALE_SECS"):
        configure(RATINGS_STALE_SECS="100", RATINGS_MAX_AGE_SECS="99")
    assert configure(RATINGS_STALE_SECS="100", RATINGS_MAX_AGE_SECS="100")


def test_everything_wrong_is_said_at_once(configure):
    with pytest.raises(ConfigurationError) as caught:
        configure(TMDB_API_KEY=None, WORKERS="x", LISTEN_ADDR="y", JWT_SECRET="z")
    named = {line.split()[0] for line in str(caught.value).splitlines()}
    assert named == {"TMDB_API_KEY", "WORKERS", "LISTEN_ADDR", "JWT_SECRET"}


def test_secrets_are_in_no_message(configure, monkeypatch):
    """Neither in a complaint nor in what a traceback or a log line would show of the configuration."""
    almost = "deadbeef" * 7 + "not-hex"
    with pytest.raises(ConfigurationError) as caught:
        configure(**SECRETS, JWT_SECRET=almost, DATABASE_URL="postgresql+asyncpg://u:db-secret@h/d", WORKERS="x")
    shown = f"{caught.value} {caught.value!r} {caught.value.__context__}"
    environment = configure(**SECRETS, JWT_SECRET=SECRET, WORKERS="1")
    shown += f"{environment!r} {environment}"
    for secret in (*SECRETS.values(), almost, "deadbeef", "db-secret", SECRET):
        assert secret not in shown


def test_a_password_in_a_base_url_is_not_repeated(configure):
    urls = ("user:hunter2@x.example", "user:hunter2@x.example:port", "x.example:hunter2", "[hunter2", "[hunter2]:1")
    for url in urls:
        with pytest.raises(ConfigurationError) as caught:
            configure(TMDB_API_BASE_URL=f"https://{url}")
        assert "hunter2" not in str(caught.value)


class TestTheFile:
    """`.env` in the working directory fills in what the environment does not set."""

    def test_it_fills_in(self, configure, tmp_path):
        (tmp_path / ".env").write_text("IMAGE_QUALITY=42\nCORS_ORIGIN=https://from-the-file.example\n")
        environment = configure()
        assert environment.image_quality == 42
        assert environment.cors_origin == "https://from-the-file.example"

    def test_it_does_not_override(self, configure, tmp_path):
        (tmp_path / ".env").write_text("IMAGE_QUALITY=42\n")
        assert configure(IMAGE_QUALITY="43").image_quality == 43

    def test_an_older_name_in_the_environment_outranks_the_newer_one_in_the_file(self, configure, tmp_path):
        (tmp_path / ".env").write_text("IMAGE_QUALITY=42\n")
        assert configure(POSTER_QUALITY="43").image_quality == 43

    def test_an_empty_line_of_it_counts_as_unset(self, configure, tmp_path):
        (tmp_path / ".env").write_text("FANART_API_KEY=\nIMAGE_MEM_CACHE_MB=\nNOBODY_KNOWS=1\n")
        environment = configure()
        assert environment.fanart_api_key is None
        assert environment.image_mem_cache_mb == 512

    def test_a_bad_value_in_it_is_named(self, configure, tmp_path):
        (tmp_path / ".env").write_text("IMAGE_QUALITY=x\nWORKERS=y\n")
        with pytest.raises(ConfigurationError) as caught:
            configure()
        assert {line.split()[0] for line in str(caught.value).splitlines()} == {"IMAGE_QUALITY", "WORKERS"}


def test_the_database_is_a_file_unless_a_url_says_otherwise(configure, tmp_path):
    assert configure(DB_DIR="/data/db").database == "sqlite+aiosqlite:////data/db/openposterdb.db"
    assert configure(DB_DIR="rel").database == f"sqlite+aiosqlite:///{tmp_path}/rel/openposterdb.db"
    url = "postgresql+asyncpg://u:p@h/d"
    assert configure(DATABASE_URL=url).database == url


def test_addresses_are_shown_as_in_a_url():
    assert str(Bind("0.0.0.0", 3000)) == "0.0.0.0:3000"
    assert str(Bind("::", 3000)) == "[::]:3000"
