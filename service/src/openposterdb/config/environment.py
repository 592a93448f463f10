"""Every environment variable of the service, typed, with its default and its rule."""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from openposterdb.config.addresses import Bind, Quota, RateLimit, base_url, parse_bind, parse_quota, parse_rate_limit
from openposterdb.config.bucket_address import BucketAddress, parse_bucket_url

Network = IPv4Network | IPv6Network


def _switch_off(value: Any) -> Any:
    """Only `false` and `0` switch off; everything else, also nonsense, leaves it on: the safe side for cookies."""
    return value if isinstance(value, bool) else str(value).strip().lower() not in {"false", "0"}


SILENT_FILMS: Final = (
    "imdb/tt0017136",
    "imdb/tt0013442",
    "imdb/tt0010323",
    "imdb/tt0015324",
    "imdb/tt0012349",
    "imdb/tt0018455",
)
"""In the public domain: Metropolis, Nosferatu, The Cabinet of Dr. Caligari, Sherlock Jr., The Kid, Sunrise."""
_TITLE: Final = re.compile(r"imdb/tt\d+|tmdb/(movie|series)-\d+|tvdb/\d+", re.ASCII)


def _switch_on(value: Any) -> Any:
    """Only `true` and `1` switch on."""
    return value if isinstance(value, bool) else str(value).strip().lower() in {"true", "1"}


def _networks(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(ip_network(item.strip(), strict=False) for item in value.split(",") if item.strip())
    return value


def _titles(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    titles = tuple(item.strip() for item in value.split(",") if item.strip())
    wrong = [title for title in titles if not _TITLE.fullmatch(title)]
    if wrong:
        raise ValueError(f"holds ids such as imdb/tt0017136, tmdb/movie-278 or tvdb/81189, not {', '.join(wrong)}")
    return titles


def _hex_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    try:
        length = len(bytes.fromhex(text)) if not any(letter.isspace() for letter in text) else 0
    except ValueError:
        length = 0
    if length != 32:
        raise ValueError("must be exactly 64 hexadecimal digits (make one with `openssl rand -hex 32`)")
    return value


def _level(value: Any) -> Any:
    """Any case, and `warn` as other systems spell it."""
    lowered = str(value).strip().lower()
    return "warning" if lowered == "warn" else lowered


def _redis_url(value: SecretStr) -> SecretStr:
    schemes = ("redis://", "rediss://", "unix://", "redis+sentinel://", "rediss+sentinel://")
    if not value.get_secret_value().startswith(schemes):
        raise ValueError(f"must begin with one of {', '.join(schemes)}")
    return value


def _api_keys(value: SecretStr) -> SecretStr:
    if not all(part.strip() for part in value.get_secret_value().split(",")):
        raise ValueError("must be one API key, or several with a comma between them")
    return value


def _bucket(value: Any) -> Any:
    return parse_bucket_url(value) if isinstance(value, str) else value


LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_level)]
LogFormat = Annotated[Literal["json", "console"], BeforeValidator(_level)]
OffSwitch = Annotated[bool, BeforeValidator(_switch_off)]
OnSwitch = Annotated[bool, BeforeValidator(_switch_on)]
Url = Annotated[str, AfterValidator(base_url)]
ApiKeys = Annotated[SecretStr, AfterValidator(_api_keys)]
"""One, or several with commas between them: they are used in turns, by what each has left."""
ServiceQuota = Annotated[Quota, BeforeValidator(parse_quota), NoDecode]
BindAddress = Annotated[Bind, BeforeValidator(parse_bind), NoDecode]


def _either(name: str) -> AliasChoices:
    """The variable's name and the one that older releases gave it."""
    return AliasChoices(f"IMAGE_{name}", f"POSTER_{name}")


class DatabaseEnvironment(BaseSettings):
    """What a command needs that touches only the database."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        case_sensitive=False,
        extra="ignore",
        frozen=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
    )

    db_dir: Path = Path("db")
    database_url: SecretStr | None = None
    log_level: LogLevel = "info"
    log_format: LogFormat = "json"

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the database; it may hold a password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.db_dir.absolute() / 'openposterdb.db'}"


class Environment(DatabaseEnvironment):
    """The configuration of one process, read once at start; an empty variable counts as unset.

    Durations are in seconds. A `.env` file in the working directory fills in what the environment does not set.
    """

    tmdb_api_key: ApiKeys
    mdblist_api_key: ApiKeys | None = None
    omdb_api_key: ApiKeys | None = None
    fanart_api_key: ApiKeys | None = None

    tmdb_quota: ServiceQuota = Quota()
    mdblist_quota: ServiceQuota = Quota()
    omdb_quota: ServiceQuota = Quota()
    fanart_quota: ServiceQuota = Quota()

    tmdb_api_base_url: Url = "https://api.themoviedb.org/3"
    tmdb_image_base_url: Url = "https://image.tmdb.org/t/p"
    fanart_api_base_url: Url = "https://webservice.fanart.tv/v3"
    fanart_image_base_url: Url = "https://assets.fanart.tv"
    mdblist_api_base_url: Url = "https://api.mdblist.com"
    omdb_api_base_url: Url = "https://www.omdbapi.com"

    listen_addr: BindAddress = Bind("0.0.0.0", 3000)  # noqa: S104 - a container's default; the reader decides
    metrics_addr: Annotated[Bind | None, BeforeValidator(parse_bind), NoDecode] = Bind("0.0.0.0", 9090)  # noqa: S104
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = ()
    request_deadline_secs: Annotated[float, Field(gt=0, le=600)] = 25.0
    drain_linger_secs: Annotated[int, Field(ge=0, le=300)] = 0
    image_rate_limit: Annotated[RateLimit | None, BeforeValidator(parse_rate_limit), NoDecode] = RateLimit(240, 5.0)
    is_valid_rate_limit: Annotated[RateLimit | None, BeforeValidator(parse_rate_limit), NoDecode] = RateLimit(30, 10.0)
    cdn_rate_limit: Annotated[RateLimit | None, BeforeValidator(parse_rate_limit), NoDecode] = RateLimit(240, 5.0)
    auth_rate_limit: Annotated[RateLimit | None, BeforeValidator(parse_rate_limit), NoDecode] = RateLimit(10, 0.125)

    cache_dir: Path = Path("cache")
    redis_url: Annotated[SecretStr, AfterValidator(_redis_url)] | None = None
    cache_max_mb: Annotated[int, Field(ge=16)] | None = None
    image_store_url: Annotated[BucketAddress | None, BeforeValidator(_bucket), NoDecode] = None
    external_cache_only: OnSwitch = False
    enable_cdn_redirects: OnSwitch = False

    render_settings: str | None = None
    image_quality: Annotated[int, Field(ge=0, le=255, validation_alias=_either("QUALITY"))] = 85
    image_mem_cache_mb: Annotated[int, Field(ge=0, le=1_048_576, validation_alias=_either("MEM_CACHE_MB"))] = 512
    image_stale_secs: Annotated[int, Field(ge=0, validation_alias=_either("STALE_SECS"))] = 0
    ratings_stale_secs: Annotated[int, Field(ge=0)] = 86_400
    ratings_max_age_secs: Annotated[int, Field(ge=1)] = 31_536_000
    render_concurrency: Annotated[int, Field(ge=1, le=1024)] = Field(default_factory=lambda: 2 * (os.cpu_count() or 1))
    render_memory_mb: Annotated[int, Field(ge=64)] = 512
    cross_id_concurrency: Annotated[int, Field(ge=0)] | None = None

    jwt_secret: Annotated[SecretStr, AfterValidator(_hex_secret)] | None = None
    admin_username: str | None = None
    admin_password: SecretStr | None = None
    setup_token: SecretStr | None = None
    free_key_enabled: OnSwitch | None = None
    cookie_secure: OffSwitch = True
    cors_origin: str | None = None
    static_dir: Path | None = None
    otel_exporter_otlp_endpoint: str | None = None
    otel_exporter_otlp_traces_endpoint: str | None = None
    public_pages: OffSwitch = True
    wall_titles: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_titles)] = SILENT_FILMS
    access_log: Annotated[Literal["all", "problems"], BeforeValidator(_level)] = "all"

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        if self.mdblist_api_key is None and self.omdb_api_key is None:
            raise ValueError("MDBLIST_API_KEY or OMDB_API_KEY must be set: without one there are hardly any ratings")
        if self.ratings_max_age_secs < self.ratings_stale_secs:
            raise ValueError("RATINGS_MAX_AGE_SECS must not be less than RATINGS_STALE_SECS")
        return self

    @property
    def otel_traces_endpoint(self) -> str | None:
        """Where traces are sent, or None: the endpoint of traces as it stands, or the path of traces below that of all."""
        if self.otel_exporter_otlp_traces_endpoint is not None or self.otel_exporter_otlp_endpoint is None:
            return self.otel_exporter_otlp_traces_endpoint
        return f"{self.otel_exporter_otlp_endpoint.rstrip('/')}/v1/traces"

    @property
    def quality(self) -> int:
        """JPEG quality from 1 to 100; the variable's values beyond are clamped."""
        return min(100, max(1, self.image_quality))
