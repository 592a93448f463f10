"""The service on the double of its upstreams, without a socket of its own: real database, store, renderer and HTTP calls."""

import shutil
from contextlib import AsyncExitStack
from urllib.parse import unquote

import pytest
import pytest_asyncio
from sqlalchemy import select

from openposterdb.accounts.keys import hash_key, prefix_of
from openposterdb.caching.keys import store_name
from openposterdb.composition import open_collaborators
from openposterdb.config import load
from openposterdb.demo.double import UpstreamDouble
from openposterdb.http.adapter import RobynRSGI
from openposterdb.http.app import connect_invalidation, rate_limits, register_images, register_management
from openposterdb.http.drain import Drain
from openposterdb.http.health import register_health
from openposterdb.http.hot import HotPath
from openposterdb.http.limits import Limits
from openposterdb.http.robyn_import import new_app
from openposterdb.http.security import HeaderPolicy
from openposterdb.images import RENDERER_EPOCH
from openposterdb.storage.migrations import upgrade
from openposterdb.storage.repositories import SettingsRepository
from openposterdb.storage.repositories.image_meta import meta_of
from openposterdb.storage.tables import image_meta
from openposterdb.telemetry import Metrics
from tests.http.adapter.rsgi_fakes import ask
from tests.manual_clock import GlidingClock

KEY = "t3-6c1e7f0a-3f0c-4d1a-9d53-5b3f6a7e2c11"
NOW = 1_795_370_400.0  # 2026-11-22


class Service:
    """One service process, as a test drives it."""

    def __init__(self, environment, clock):
        self.environment = environment
        self.clock = clock
        self.metrics = Metrics(version="test", renderer="test")
        self._limits = Limits(rate_limits(environment, clock))
        self.hot = HotPath(clock)
        self._stack = AsyncExitStack()

    async def __aenter__(self):
        await upgrade(self.environment.database)
        self.parts = await self._stack.enter_async_context(
            open_collaborators(self.environment, clock=self.clock, metrics=self.metrics)
        )
        invalidation = connect_invalidation(self.parts, self.hot)
        app = new_app()
        register_images(app, self.parts)
        register_management(app, self.parts, invalidation)
        register_health(app, self.parts, Drain(self.clock))
        policy = HeaderPolicy(hsts=self.environment.cookie_secure, cors_origin=self.environment.cors_origin)
        self._adapter = RobynRSGI(app, hot=self.hot, limits=self._limits, policy=policy, clock=self.clock)
        await self._adapter.startup()
        keys = self.parts.key_repository
        if await keys.find_by_hash(hash_key(KEY)) is None:
            await keys.create("test", hash_key(KEY), prefix_of(KEY))
        return self

    async def __aexit__(self, *_):
        await self.settle()
        await self._stack.aclose()

    async def get(self, path, *, key=KEY, method="GET", headers=()):
        """`path` comes after the key."""
        return await self.ask(method, f"/{key}/{path}", headers=headers)

    async def head(self, path, **options):
        return await self.get(path, method="HEAD", **options)

    async def ask(self, method, target, **options):
        """`target` as a client writes it: the server hands the path on percent-decoded."""
        path, mark, query = target.partition("?")
        return await ask(self._adapter, method, f"{unquote(path, errors='replace')}{mark}{query}", **options)

    async def tell_changes(self):
        """What the watch on the database does every second."""
        await self.parts.changes.poll()

    async def key_id(self, key=KEY):
        return (await self.parts.key_repository.find_by_hash(hash_key(key))).id

    async def save(self, key=None, **settings):
        """Change the settings of a key, or the global ones, and let the news reach this process."""
        repository = SettingsRepository(self.parts.database)
        if key is None:
            await repository.save_global(settings)
        else:
            await repository.save_key(await self.key_id(key), settings)
        await self.tell_changes()

    async def kept(self):
        """Names of the rendered images that a process which starts now would find."""
        await self.settle()
        async with self.parts.database.reading() as connection:
            rows = [meta_of(row) for row in await connection.execute(select(image_meta))]
        return sorted(store_name(meta.kind, meta.cache_key) for meta in rows)

    async def shelved(self):
        """Names of what the store has of them: prepared art."""
        await self.settle()
        root = self.environment.cache_dir / f"r{RENDERER_EPOCH}"
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    async def settle(self):
        """Let the work behind the answers end."""
        await self.parts.images.drain()
        await self.parts.background.drain()

    def renders(self):
        """Renders made by this process, of images and previews."""
        return int(sum(self.value(f"openposterdb_{lane}_duration_seconds_count") for lane in ("render", "preview")))

    def decoded(self):
        """Renders that began with art; the others laid badges on art that was prepared before."""
        return int(self.value("openposterdb_render_duration_seconds_count", path="full"))

    def value(self, name, **labels):
        """The sum of a metric over the labels that are not given."""
        return sum(
            sample.value
            for family in self.metrics.registry.collect()
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )


@pytest_asyncio.fixture
async def double():
    async with UpstreamDouble() as upstreams:
        yield upstreams


@pytest.fixture
def clock():
    return GlidingClock(NOW)


@pytest.fixture
def environment(double, tmp_path, monkeypatch, one_certificate):
    """Configures a service: `environment(FANART_API_KEY="")` and so on."""

    def configure(**variables):
        for name, value in {
            **double.environment(),
            "DB_DIR": str(tmp_path / "db"),
            "CACHE_DIR": str(tmp_path / "cache"),
            "IMAGE_RATE_LIMIT": "off",
            "IS_VALID_RATE_LIMIT": "off",
            "CDN_RATE_LIMIT": "off",
            "AUTH_RATE_LIMIT": "off",
            "SSL_CERT_FILE": one_certificate,
            **variables,
        }.items():
            monkeypatch.setenv(name, value)
        return load(None)

    return configure


@pytest_asyncio.fixture
async def start(environment, clock, migrated):
    """Starts a service; call it again for a second process on the same folders. Everything is stopped at the end."""
    async with AsyncExitStack() as running:

        async def go(**variables):
            configured = environment(**variables)
            if not configured.db_dir.exists():
                configured.db_dir.mkdir()
                shutil.copy(migrated, configured.db_dir)
            return await running.enter_async_context(Service(configured, clock))

        yield go


@pytest_asyncio.fixture
async def service(start):
    return await start()


@pytest.fixture
def rerate(double):
    """Changes what the upstreams say of a title's ratings: `rerate("moss", imdb=9.9)`; None takes one away."""

    def change(slug, **ratings):
        def changed(title):
            merged = {source: value for source, value in {**title.ratings, **ratings}.items() if value is not None}
            return title.model_copy(update={"ratings": merged}) if title.slug == slug else title

        titles = tuple(changed(title) for title in double.catalogue.title)
        double.catalogue = double.catalogue.model_copy(update={"title": titles})
        double._answers._catalogue = double.catalogue

    return change
