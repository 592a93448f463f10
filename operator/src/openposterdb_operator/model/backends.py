"""What the service depends on: upstreams, its first admin, its signing key, database, Redis, image store."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from openposterdb_operator.model.base import (
    Model,
    Quantity,
    Rule,
    SecretKeyRef,
    SecretRef,
    Storage,
    Url,
    UrlSecretRef,
    rules,
)
from openposterdb_operator.model.serving import Quota
from openposterdb_operator.model.workload import Resources


class BaseUrls(Model):
    """Other endpoints than the public ones, for instance mirrors."""

    tmdb: Url | None = None
    """TMDB's API; https://api.themoviedb.org/3 when unset."""
    tmdb_images: Url | None = None
    """TMDB's pictures; https://image.tmdb.org/t/p when unset."""
    fanart: Url | None = None
    """Fanart.tv's API; https://webservice.fanart.tv/v3 when unset."""
    fanart_images: Url | None = None
    """Fanart.tv's pictures; https://assets.fanart.tv when unset."""
    mdblist: Url | None = None
    """MDBList's API; https://api.mdblist.com when unset."""
    omdb: Url | None = None
    """OMDb's API; https://www.omdbapi.com when unset."""


class Quotas(Model):
    """Calls that each key may make, for instance 40/s, 1000/day or "5/s 1000/day"; all replicas keep them together."""

    tmdb: Quota | None = None
    """Calls of TMDB's API; no limit when unset."""
    fanart: Quota | None = None
    """Calls of Fanart.tv's API; no limit when unset."""
    mdblist: Quota | None = None
    """Calls of MDBList's API; no limit when unset."""
    omdb: Quota | None = None
    """Calls of OMDb's API; no limit when unset."""


class Upstreams(Model):
    """Where titles, art and ratings come from."""

    secret_ref: SecretRef
    """Secret with TMDB_API_KEY, MDBLIST_API_KEY or OMDB_API_KEY or both, and FANART_API_KEY for logos and backdrops."""
    base_urls: BaseUrls = Field(default=BaseUrls(), alias="baseURLs")
    """Other endpoints than the public ones."""
    quotas: Quotas = Quotas()
    """Calls that each key may make. A fifth is kept for those who wait, so refreshes stop before."""


class Admin(Model):
    """The first administrator."""

    secret_ref: SecretRef | None = None
    """Secret with `username` and `password`; generated into NAME-admin when unset."""


class Auth(Model):
    """How sessions are signed."""

    jwt_secret_ref: SecretKeyRef | None = None
    """Secret member with 64 hexadecimal digits; generated into NAME-auth when unset. A generated one is replaced
    whenever the annotation openposterdb.io/rotate-auth gets another value."""


class DatabaseStorage(Storage):
    """Where SQLite's file lies."""

    reclaim_policy: Literal["Delete", "Retain"] = "Delete"
    """Whether the volume claim goes with the OpenPosterDB (Delete) or stays for one of the same name (Retain)."""


class Database(Model):
    """Where keys, settings and what is known of titles are kept."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "self.type != 'postgresql' || has(self.urlSecretRef)",
                "database.type postgresql needs database.urlSecretRef: the Secret with the database's URL",
            ),
            Rule(
                "self.type != 'sqlite' || !has(self.urlSecretRef)",
                "database.urlSecretRef is for postgresql: set database.type to postgresql or remove it",
            ),
            Rule(
                "oldSelf.type != 'postgresql' || self.type == 'postgresql'",
                "database.type cannot change from postgresql back to sqlite: keys and settings would be lost; "
                "create another OpenPosterDB and import them",
            ),
        )
    )

    type: Literal["sqlite", "postgresql"] = "sqlite"
    """sqlite: a file on a volume, for one replica. postgresql: any number of replicas."""
    url_secret_ref: UrlSecretRef | None = None
    """Secret member with PostgreSQL's URL, for instance postgresql://user:password@host/name."""
    storage: DatabaseStorage = DatabaseStorage()
    """SQLite's volume."""


class RedisPersistence(Storage):
    """Whether Redis survives its restart."""

    enabled: bool = False
    """Keep an append-only file on a volume; without it a restarted Redis starts empty, and images are made again."""


class ManagedRedis(Model):
    """A Redis of the operator's: one pod, a password, no more memory than it may have."""

    image: Annotated[str, Field(min_length=1, max_length=512)] | None = None
    """Image with redis-server and redis-cli; the operator's own choice when unset."""
    max_memory: Quantity = "256Mi"
    """Most memory for data; beyond it the least frequently used entries go."""
    resources: Resources | None = None
    """Requests and limits; derived from maxMemory when unset."""
    persistence: RedisPersistence = RedisPersistence()
    """Whether Redis survives its restart."""


class ExternalRedis(Model):
    """A Redis that exists already."""

    url_secret_ref: UrlSecretRef
    """Secret member with its URL, for instance rediss://:password@host:6379/0."""


class Redis(Model):
    """Shared cache, locks and invalidation of all replicas."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "!(has(self.managed) && has(self.external))",
                "redis: choose managed or external, not both; to change over with a patch, set the other to null",
            ),
        )
    )

    managed: ManagedRedis | None = None
    """A Redis of the operator's; the default where external is unset."""
    external: ExternalRedis | None = None
    """A Redis that exists already."""


class FilesystemStore(Storage):
    """Rendered images on a volume."""

    size: Quantity = "10Gi"
    """Capacity to ask for."""
    access_mode: Literal["ReadWriteOnce", "ReadWriteMany"] = "ReadWriteOnce"
    """ReadWriteMany for more than one replica."""
    max_mb: Annotated[int, Field(ge=16, le=1_073_741_824)] | None = Field(default=None, alias="maxMB")
    """Most MiB of images, beyond which those go that were not used for longest; nine tenths of the size when unset."""


class S3Store(Model):
    """Rendered images in an S3-compatible bucket."""

    bucket: Annotated[str, Field(min_length=3, max_length=63, pattern=r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$")]
    """Name of the bucket."""
    prefix: Annotated[str, Field(max_length=512, pattern=r"^[A-Za-z0-9._/-]*$")] = ""
    """Put in front of every object's name."""
    endpoint: Url | None = None
    """Endpoint of another provider than AWS."""
    region: Annotated[str, Field(min_length=1, max_length=64)] = "us-east-1"
    """Region of the bucket."""
    secret_ref: SecretRef | None = None
    """Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; the pod's own identity when unset."""


class ImageStore(Model):
    """Where rendered images outlive memory and Redis."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule("self.type != 's3' || has(self.s3)", "imageStore.type s3 needs imageStore.s3 with at least a bucket"),
        )
    )

    type: Literal["none", "filesystem", "s3"] = "none"
    """none: memory and Redis only. filesystem: a volume. s3: a bucket."""
    filesystem: FilesystemStore = FilesystemStore()
    """The volume of type filesystem."""
    s3: S3Store | None = None
    """The bucket of type s3."""
