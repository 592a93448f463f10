"""CDN mode: routes with a key redirect to addresses without one, which a CDN may keep for as long as the picture stays good.

An address holds the hash of all settings that can change a pixel, so equal requests of different keys share it, and it never
shows another picture than it did, but for newer ratings. No error under an address may be kept, save that a hash is unknown.
"""

from typing import Final, Protocol
from urllib.parse import quote

import structlog
from robyn import Request, Response, Robyn

from openposterdb.caching.staleness import cdn_max_age
from openposterdb.clock import Clock
from openposterdb.domain import ImageKind
from openposterdb.errors import NotFound, StorageUnavailable
from openposterdb.http import responses
from openposterdb.http.image_answers import Asked, ImageAnswers
from openposterdb.http.image_query import parse_size
from openposterdb.http.requests import single
from openposterdb.http.responses import Answer
from openposterdb.images.request import DEGRADED_SECONDS, ServedImage
from openposterdb.settings.canonical import CanonicalForm

log = structlog.get_logger(__name__)

CDN_ROUTES: Final[dict[str, ImageKind]] = {
    f"/c/:settings_hash/:id_type/{kind}-default/:id_value": kind for kind in ImageKind
}
"""Every route without a key and what it draws; all of them share one rate limit."""

_REDIRECT: Final = "public, max-age=300, stale-while-revalidate=3600"
_UNKNOWN: Final = {"cache-control": "public, max-age=60"}
_ABSENT_PLACEHOLDER: Final = "public, max-age=86400, stale-while-revalidate=604800"
_PASSING: Final = f"public, max-age={DEGRADED_SECONDS}"
_GRACE: Final = 7


class Addresses(Protocol):
    """Hashes of requests, and the requests behind hashes."""

    async def hash_of(self, form: CanonicalForm) -> str:
        """The hash of a request; StorageUnavailable when it cannot be made known to everybody."""
        ...

    async def request_of(self, digest: str) -> CanonicalForm:
        """The request behind a hash; NotFound, StorageUnavailable."""
        ...


class CdnRedirects:
    """Redirects from routes with a key."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    async def redirect(self, asked: Asked, *, sized: bool) -> Answer | None:
        """A 302 with a relative location; None when nobody could serve it, since the database cannot be written."""
        form = CanonicalForm.of(asked.kind, asked.size, asked.settings, asked.lang, asked.encoding)
        try:
            digest = await self._addresses.hash_of(form)
        except StorageUnavailable as error:
            log.warning("cdn_redirect_unavailable", error=str(error))
            return None
        parameters = ["fallback=true"] if asked.fallback else []
        if sized:
            parameters.append(f"imageSize={asked.size.value}")
        path = f"/c/{digest}/{quote(asked.id_type, '')}/{asked.kind.value}-default/{quote(asked.id_value, '')}"
        location = "?".join([path, *(["&".join(parameters)] if parameters else [])])
        headers = [("location", location), ("cache-control", _REDIRECT), ("content-length", "0"), *asked.headers]
        return Answer(302, headers)


class CdnCaching:
    """What a CDN may keep: an image as long as its title's ratings stay as they are, failures hardly at all.

    `min_secs` and `max_secs` are those of `caching.staleness`.
    """

    def __init__(self, clock: Clock, *, min_secs: int, max_secs: int) -> None:
        self._clock = clock
        self._min_secs = min_secs
        self._max_secs = max_secs

    def image(self, served: ServedImage) -> str:
        """Of an image; one whose successor is being made is as brief as a degraded one."""
        if served.degraded:
            return f"public, max-age={served.max_age}"
        if served.hold <= 0:
            return _PASSING
        seconds = cdn_max_age(served.release_date, self._min_secs, self._max_secs, self._clock.now())
        return f"public, max-age={seconds}, stale-while-revalidate={_GRACE * seconds}"

    def placeholder(self, *, absent: bool) -> str:
        """Of a placeholder."""
        return _ABSENT_PLACEHOLDER if absent else _PASSING


class CdnRoutes:
    """Handlers of the image routes without a key."""

    def __init__(self, answers: ImageAnswers, addresses: Addresses, caching: CdnCaching) -> None:
        self._answers = answers
        self._addresses = addresses
        self._caching = caching

    def register(self, app: Robyn) -> None:
        """Add the routes."""
        for pattern, kind in CDN_ROUTES.items():
            app.get(pattern)(self._handler(kind))

    def _handler(self, kind: ImageKind):  # noqa: ANN202 - Robyn's handler type is its own
        async def image(request: Request) -> Answer | Response:
            return await self._answer(request, kind)

        return image

    async def _answer(self, request: Request, kind: ImageKind) -> Answer | Response:
        deadline = self._answers.arrived()
        parts = request.path_params
        fallback, size = single(request, "fallback") == "true", single(request, "imageSize")
        async with deadline.of("the address could not be looked up"):
            form = await self._form(parts["settings_hash"], kind)
        if form is None:
            return responses.json({"error": "not found"}, status=404, headers=_UNKNOWN)
        self._answers.require_source(kind)
        asked = Asked(
            kind=kind,
            size=form.size if size is None else parse_size(kind, size),
            settings=form.settings,
            id_type=parts["id_type"],
            id_value=parts["id_value"],
            fallback=fallback,
            encoding=form.encoding,
        )
        return await self._answers.answer(asked, self._caching, deadline=deadline, head=request.method == "HEAD")

    async def _form(self, digest: str, kind: ImageKind) -> CanonicalForm | None:
        """The request that is meant; None for a hash that is unknown, or of another kind."""
        try:
            form = await self._addresses.request_of(digest)
        except NotFound:
            return None
        return form if form.kind is kind else None
