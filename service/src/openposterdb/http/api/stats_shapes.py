"""What `/api/admin/stats` answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from openposterdb.domain import ImageKind

Buckets = Annotated[
    list[int], Field(description="Counts by `duration_bounds`; the last one is of what took longer than all of them.")
]


class Stored(BaseModel):
    """Images of one kind."""

    images: int
    bytes: int
    stored_bytes: Annotated[
        int, Field(description="What is kept for them: prepared art, and their own where they are not composed of it.")
    ]


class Memory(BaseModel):
    """Pictures in memory; `max_bytes` is the bound."""

    entries: int
    bytes: int
    max_bytes: int


class Lookups(BaseModel):
    """Look-ups of images in one layer."""

    hits: int
    misses: int


class Requests(BaseModel):
    """Requests for images answered, by the first digit of their status, and how long they took without the hot path's."""

    answered: dict[str, int]
    durations: Buckets


class Renders(BaseModel):
    """Pictures drawn, images and previews; `coalesced` requests joined another's work. Durations are those of images."""

    images: int
    previews: int
    coalesced: int
    durations: Buckets


class Queue(BaseModel):
    """Renders of images that wait, those under way (of previews too), and how many medium posters may be at once."""

    waiting: int
    drawing: int
    limit: int


class Upstream(BaseModel):
    """Calls of one service by outcome; an open circuit means that it fails and is left alone for a moment."""

    circuit: Literal["closed", "open"] | None
    calls: dict[str, int]
    durations: Buckets
    left_today: Annotated[
        int | None,
        Field(description="Calls that are left of the day's quota; null without one, and before the first call."),
    ]


class Health(BaseModel):
    """`ok`, or what is wrong. `redis` is null where there is none."""

    database: str
    image_store: str
    redis: str | None


class Process(BaseModel):
    """This process: bytes in memory, the most that they may be, seconds of processor time. Null where nobody tells."""

    resident_bytes: int | None
    bound_bytes: int | None
    processor_seconds: float


class Disk(BaseModel):
    """The file system that images are stored on, and the most that images may take of it (`CACHE_MAX_MB`)."""

    total_bytes: int
    free_bytes: int
    max_bytes: int | None


class Database(BaseModel):
    """Which database, and how long it took to answer just now; null when it did not."""

    kind: Literal["sqlite", "postgresql"]
    milliseconds: float | None


class Stats(BaseModel):
    """What this process knows. Totals are those of the database, everything else is of this process since its start."""

    total_images: int
    total_api_keys: int
    mem_cache_entries: int
    id_cache_entries: int
    ratings_cache_entries: int
    image_mem_cache_mb: int
    images: Annotated[dict[ImageKind, Stored], Field(description="What is stored, by kind.")]
    memory: Annotated[Memory, Field(description="Rendered images.")]
    prepared: Annotated[Memory, Field(description="Art that is prepared for badges.")]
    lookups: Annotated[
        dict[str, Lookups],
        Field(
            description="By layer, in the order in which they are asked; `hot` answers before a request is looked at, so it has no misses."
        ),
    ]
    duration_bounds: Annotated[list[float], Field(description="Upper bounds of durations in seconds.")]
    requests: Requests
    renders: Renders
    queue: Queue
    degraded: Annotated[dict[str, int], Field(description="Answers made without a service, by service.")]
    refreshes: Annotated[dict[str, int], Field(description="Refreshes behind answers, by outcome.")]
    upstreams: Annotated[dict[str, Upstream], Field(description="By service; pictures have circuits of their own.")]
    preview_bytes: int
    health: Health
    database: Database
    process: Process
    disk: Annotated[Disk | None, Field(description="Null where images are kept in a bucket or nowhere.")]
    uptime_seconds: int
    version: str
    renderer: Annotated[int, Field(description="The renderer's epoch: pictures of another are made again.")]
