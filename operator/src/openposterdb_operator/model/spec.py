"""`OpenPosterDB.spec`: everything an administrator may ask for."""

from typing import Annotated

from pydantic import ConfigDict, Field

from openposterdb_operator.model.backends import Admin, Auth, Database, ImageStore, ManagedRedis, Redis, Upstreams
from openposterdb_operator.model.base import Annotations, Model, Passthrough, Rule, rules
from openposterdb_operator.model.exposure import Cdn, Gateway, Ingress, NetworkPolicy, PodDisruptionBudget
from openposterdb_operator.model.monitoring import Monitoring
from openposterdb_operator.model.serving import Http, Logs, Web
from openposterdb_operator.model.settings import RenderSettings
from openposterdb_operator.model.workload import (
    Art,
    Autoscaling,
    EnvVar,
    FreeKey,
    Image,
    PosterKeys,
    Ratings,
    Render,
    Resources,
    Toleration,
)

DEFAULT_RESOURCES = Resources(requests={"cpu": "250m", "memory": "512Mi"}, limits={"cpu": "2", "memory": "1Gi"})

OPERATORS_VARIABLES = (
    "ACCESS_LOG",
    "ADMIN_PASSWORD",
    "ADMIN_USERNAME",
    "AUTH_RATE_LIMIT",
    "AWS_ACCESS_KEY_ID",
    "AWS_ENDPOINT_URL",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "CACHE_DIR",
    "CACHE_MAX_MB",
    "CDN_RATE_LIMIT",
    "COOKIE_SECURE",
    "CORS_ORIGIN",
    "DATABASE_URL",
    "DB_DIR",
    "ENABLE_CDN_REDIRECTS",
    "EXTERNAL_CACHE_ONLY",
    "FANART_API_BASE_URL",
    "FANART_API_KEY",
    "FANART_IMAGE_BASE_URL",
    "FANART_QUOTA",
    "FREE_KEY_ENABLED",
    "IMAGE_MEM_CACHE_MB",
    "IMAGE_QUALITY",
    "IMAGE_RATE_LIMIT",
    "IMAGE_STALE_SECS",
    "IMAGE_STORE_URL",
    "IS_VALID_RATE_LIMIT",
    "JWT_SECRET",
    "LISTEN_ADDR",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "MDBLIST_API_BASE_URL",
    "MDBLIST_API_KEY",
    "MDBLIST_QUOTA",
    "METRICS_ADDR",
    "OMDB_API_BASE_URL",
    "OMDB_API_KEY",
    "OMDB_QUOTA",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "PUBLIC_PAGES",
    "RATINGS_MAX_AGE_SECS",
    "RATINGS_STALE_SECS",
    "REDIS_URL",
    "RENDER_CONCURRENCY",
    "RENDER_MEMORY_MB",
    "RENDER_SETTINGS",
    "REQUEST_DEADLINE_SECS",
    "TMDB_API_BASE_URL",
    "TMDB_API_KEY",
    "TMDB_IMAGE_BASE_URL",
    "TMDB_QUOTA",
    "TRUSTED_PROXIES",
    "WALL_TITLES",
)
"""Variables that other fields of the spec decide; `extraEnv` may not name them."""

_ALONE = "!has(self.autoscaling) && self.replicas <= 1"
_RESERVED = ", ".join(f"'{name}'" for name in OPERATORS_VARIABLES)


class OpenPosterDBSpec(Model):
    """One poster service."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                f"self.database.type != 'sqlite' || ({_ALONE})",
                "database.type sqlite runs one replica: set replicas to 1 and remove autoscaling, "
                "or set database.type to postgresql",
            ),
            Rule(
                f"self.imageStore.type != 'filesystem' || self.imageStore.filesystem.accessMode == 'ReadWriteMany' || ({_ALONE})",
                "imageStore.type filesystem with more than one replica needs imageStore.filesystem.accessMode "
                "ReadWriteMany; or use s3",
            ),
            Rule(
                "!(has(self.ingress) && has(self.gateway))",
                "choose ingress or gateway, not both: they would serve the same URL",
            ),
            Rule(
                f"!has(self.extraEnv) || self.extraEnv.all(variable, !(variable.name in [{_RESERVED}]))",
                "extraEnv may not set a variable that another field of the spec decides (TMDB_API_KEY, DATABASE_URL, "
                "IMAGE_QUALITY, ...): use that field",
            ),
        )
    )

    upstreams: Upstreams
    """Where titles, art and ratings come from; the one part that has no default."""
    image: Image = Image()
    """Which image runs."""
    replicas: Annotated[int, Field(ge=0, le=1000)] = 1
    """Pods; also what `kubectl scale` sets. Without effect while autoscaling is set."""
    autoscaling: Autoscaling | None = None
    """Scale by CPU."""
    admin: Admin = Admin()
    """The first administrator."""
    auth: Auth = Auth()
    """How sessions are signed."""
    database: Database = Database()
    """Where keys, settings and what is known of titles are kept."""
    redis: Redis = Redis(managed=ManagedRedis())
    """Shared cache, locks and invalidation of all replicas."""
    image_store: ImageStore = ImageStore()
    """Where rendered images outlive memory and Redis."""
    cdn: Cdn = Cdn()
    """The service behind a CDN."""
    ingress: Ingress | None = None
    """An Ingress for the RPDB-compatible URL."""
    gateway: Gateway | None = None
    """An HTTPRoute for the RPDB-compatible URL."""
    render: Render = Render()
    """Limits of rendering in each pod."""
    ratings: Ratings = Ratings()
    """How long ratings are good."""
    art: Art = Art()
    """How long a poster without badges is good."""
    http: Http = Http()
    """Requests and what is in front of the service."""
    web: Web = Web()
    """Pages for visitors."""
    logs: Logs = Logs()
    """What the service logs."""
    free_key: FreeKey = FreeKey()
    """The public key."""
    poster_keys: PosterKeys = PosterKeys()
    """Which namespaces may declare keys of this service."""
    defaults: RenderSettings | None = None
    """Global render settings, declared: the admin web shows them read-only. The admin web owns them when unset."""
    monitoring: Monitoring = Monitoring()
    """What Prometheus, Grafana and a collector of traces get."""
    network_policy: NetworkPolicy = NetworkPolicy()
    """Which pods may talk to the service's pods."""
    pod_disruption_budget: PodDisruptionBudget = PodDisruptionBudget()
    """Whether a drain of nodes may take the last pod."""
    resources: Resources = DEFAULT_RESOURCES
    """Requests and limits of the service's container."""
    node_selector: Annotated[dict[str, str], Field(max_length=32)] = Field(default_factory=dict)
    """Labels that a node must have."""
    tolerations: Annotated[tuple[Toleration, ...], Field(max_length=32)] = ()
    """Taints that are no obstacle."""
    affinity: Passthrough | None = None
    """Affinity, as in a PodSpec."""
    topology_spread_constraints: Annotated[tuple[Passthrough, ...], Field(max_length=8)] | None = None
    """How pods spread, as in a PodSpec; over nodes and zones where possible when unset."""
    pod_annotations: Annotations = Field(default_factory=dict)
    """Further annotations of the service's pods."""
    extra_env: Annotated[
        tuple[EnvVar, ...],
        Field(
            max_length=64, json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]}
        ),
    ] = ()
    """Further environment variables of the service, for instance OTEL_TRACES_SAMPLER."""

    @property
    def managed_redis(self) -> ManagedRedis | None:
        """The Redis to run, if it is the operator's."""
        return None if self.redis.external is not None else self.redis.managed or ManagedRedis()

    @property
    def host(self) -> str | None:
        """The DNS name that clients use, if the operator publishes one."""
        entry = self.ingress or self.gateway
        return entry.host if entry is not None else None

    @property
    def https(self) -> bool:
        """Whether clients use TLS; also where nothing is published, since something else does that then."""
        return self.ingress.tls is not None if self.ingress is not None else self.gateway is None or self.gateway.https
