"""The application: routes over collaborators, and what surrounds them."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from typing import Any

from robyn import Robyn

from openposterdb import __version__
from openposterdb.buckets import Buckets, Rate
from openposterdb.clock import Clock
from openposterdb.composition import Collaborators, open_collaborators
from openposterdb.config import Environment, RateLimit
from openposterdb.fleet.opening import Fleet
from openposterdb.http.access_log import AccessLog
from openposterdb.http.adapter import RobynRSGI
from openposterdb.http.addresses import ClientAddresses
from openposterdb.http.api.auth import AUTH_ROUTES
from openposterdb.http.api.management import SessionGuards, management_api
from openposterdb.http.cdn import CDN_ROUTES, CdnCaching, CdnRedirects, CdnRoutes
from openposterdb.http.documentation import describe, register_documentation
from openposterdb.http.drain import Drain
from openposterdb.http.health import register_health
from openposterdb.http.hot import HotPath
from openposterdb.http.image_answers import ImageAnswers
from openposterdb.http.image_query import IMAGE_ROUTES
from openposterdb.http.images import ImageRoutes
from openposterdb.http.invalidation import Invalidation, connect_invalidation
from openposterdb.http.keycheck import KEY_CHECK, register_key_check
from openposterdb.http.landing import register_landing
from openposterdb.http.limits import Group, Limits, by_client
from openposterdb.http.lost import Lost
from openposterdb.http.robyn_import import new_app
from openposterdb.http.security import HeaderPolicy
from openposterdb.http.side import RATING, REQUESTS, SideRoutes
from openposterdb.http.spa import PAGES, VISITORS, find_web, register_static, register_web
from openposterdb.images import RENDERER_EPOCH
from openposterdb.telemetry import Metrics, export_metrics, open_tracing, share_values

Pages = Callable[[Robyn], None]


def assemble(environment: Environment, *, clock: Clock, pages: Pages | None = None) -> RobynRSGI:
    """The RSGI application of one worker; its collaborators are opened when the worker starts and closed when it ends.

    `pages` adds what is at `/` in place of the web's own page.
    """
    alone = environment.workers == 1
    if not alone:
        share_values()
    metrics = Metrics(version=__version__, renderer=str(RENDERER_EPOCH), shared=not alone)
    trusted = [str(network) for network in environment.trusted_proxies]
    hits = metrics.http_requests.labels("GET", "hot", "200")
    hot = HotPath(clock, addresses=ClientAddresses(trusted), on_hit=None if alone else hits.inc)
    if alone:  # else another process reads the counters, and knows nothing of tallies
        metrics.tally(hits, lambda: hot.hits)
    drain = Drain(clock, linger=environment.drain_linger_secs)
    tracing = open_tracing(environment, __version__)
    limits, lost = Limits(), Lost()
    stack = AsyncExitStack()
    app = new_app()

    async def start() -> None:
        if tracing is not None:
            stack.push_async_callback(asyncio.to_thread, tracing.close)
        if alone:  # else the supervisor does, for all
            stack.enter_context(export_metrics(metrics, environment.metrics_addr))
        collaborators = await stack.enter_async_context(open_collaborators(environment, clock=clock, metrics=metrics))
        invalidation = connect_invalidation(collaborators, hot)
        limits.by_pattern = rate_limits(environment, clock, collaborators.fleet)
        await stack.enter_async_context(
            _watching(
                collaborators.changes.watch(),
                collaborators.last_used.run(),
                collaborators.housekeeping.run(),
                collaborators.cdn_addresses.run(),
                metrics.watch(clock),
            )
        )
        drain.register("images", collaborators.images.drain)
        drain.register("background", collaborators.background.drain)
        register_health(app, collaborators, drain)
        register_images(app, collaborators)
        register_management(app, collaborators, invalidation)
        register_pages(app, environment, pages, lost)

    app.startup_handler(start)  # pyright: ignore[reportUnknownMemberType] - not typed in Robyn
    app.shutdown_handler(stack.aclose)  # pyright: ignore[reportUnknownMemberType]
    return RobynRSGI(
        app,
        hot=hot,
        trusted_proxies=trusted,
        limits=limits,
        lost=lost,
        policy=HeaderPolicy(hsts=environment.cookie_secure, cors_origin=environment.cors_origin),
        access_log=AccessLog(everything=environment.access_log == "all"),
        drain=drain,
        observe=RequestObserver(metrics),
        clock=clock,
        tracing=tracing,
    )


def register_images(app: Robyn, collaborators: Collaborators) -> None:
    """Add the image routes, the key check and what else a key in the path opens; in CDN mode those without a key, too."""
    environment, addresses = collaborators.environment, collaborators.cdn_addresses
    answers = ImageAnswers(
        images=collaborators.images,
        placeholders=collaborators.placeholders,
        fanart_configured=environment.fanart_api_key is not None,
        deadline=environment.request_deadline_secs,
    )
    ImageRoutes(
        answers,
        keys=collaborators.keys,
        settings=collaborators.settings,
        note_use=collaborators.last_used.note,
        clock=collaborators.clock,
        redirects=CdnRedirects(addresses) if environment.enable_cdn_redirects else None,
    ).register(app)
    if environment.enable_cdn_redirects:
        caching = CdnCaching(
            collaborators.clock, min_secs=environment.ratings_stale_secs, max_secs=environment.ratings_max_age_secs
        )
        CdnRoutes(answers, addresses, caching).register(app)
    register_key_check(
        app, collaborators.keys, collaborators.last_used.note, deadline=environment.request_deadline_secs
    )
    SideRoutes(
        keys=collaborators.keys,
        usage=collaborators.usage,
        note_use=collaborators.last_used.note,
        titles=collaborators.titles,
        ratings=collaborators.ratings,
        deadline=collaborators.environment.request_deadline_secs,
        clock=collaborators.clock,
    ).register(app)


def register_management(app: Robyn, collaborators: Collaborators, invalidation: Invalidation) -> None:
    """Add the management API, its document and the page made of it."""
    api = management_api(collaborators, invalidation)
    api.register(app, SessionGuards(collaborators.admins, collaborators.key_sessions))
    document = describe(api.operations, cdn=collaborators.environment.enable_cdn_redirects)
    register_documentation(app, document, page=collaborators.environment.public_pages)


def register_pages(app: Robyn, environment: Environment, front: Pages | None, lost: Lost) -> None:
    """Add what browsers show: STATIC_DIR if it is set, else the built-in web, where it is built. `front` is at `/` then."""
    if environment.static_dir is not None:
        register_static(app, environment.static_dir)
        return
    web = find_web()
    if front is not None or (web is None and environment.public_pages):
        (front or register_landing)(app)
    if web is not None:
        hidden = {"/"} if front is not None else set[str]()
        if not environment.public_pages:
            hidden.add(VISITORS)
        register_web(app, web, pages=tuple(page for page in PAGES if page not in hidden), lost=lost)


class RequestObserver:
    """Counts and times requests by route pattern."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, route: str, method: str, status: int, seconds: float) -> None:
        """Note one request."""
        self._metrics.http_requests.labels(method, route, str(status)).inc()
        self._metrics.http_seconds.labels(route).observe(seconds)


@contextlib.asynccontextmanager
async def _watching(*watches: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    tasks = [asyncio.ensure_future(watch) for watch in watches]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def rate_limits(environment: Environment, clock: Clock, fleet: Fleet | None = None) -> Mapping[str, Group]:
    """The limits of every route by its pattern, counted by all replicas together where there is a fleet."""

    def buckets(name: str, limit: RateLimit | None) -> Buckets | None:
        if limit is None:
            return None
        rate = Rate(limit.burst, 1 / limit.per_second)
        return Buckets(rate, clock) if fleet is None else fleet.buckets(name, rate)

    images = buckets("image", environment.image_rate_limit)
    key_check = buckets("key", environment.is_valid_rate_limit)
    auth = buckets("auth", environment.auth_rate_limit)
    cdn = buckets("cdn", environment.cdn_rate_limit)
    groups: dict[str, Group] = {}
    if images is not None:
        groups.update(dict.fromkeys(IMAGE_ROUTES, Group(images)))
    if key_check is not None:
        groups.update(dict.fromkeys((KEY_CHECK, REQUESTS, RATING), Group(key_check)))
    if auth is not None:
        groups.update(dict.fromkeys(AUTH_ROUTES, Group(auth, by_client, announced=True)))
    if cdn is not None:
        groups.update(dict.fromkeys(CDN_ROUTES, Group(cdn, by_client)))
    return groups
