"""The image routes with an API key: from path and query to what is asked for.

The order of the checks decides which status wins and is a contract with clients (`docs/clients.md`); `fallback=true` turns
whatever fails after the key and the language were accepted into a placeholder.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from robyn import Request, Response, Robyn

from openposterdb.accounts.registry import KeyOwner
from openposterdb.clock import Clock
from openposterdb.http.encodings import NEGOTIATED, accept_of, encoding_for
from openposterdb.http.image_answers import Asked, ImageAnswers, picture
from openposterdb.http.image_query import IMAGE_ROUTES, ImageQuery, parse_language, parse_size
from openposterdb.http.responses import Answer
from openposterdb.images.request import FRESH_SECONDS, ServedImage
from openposterdb.settings import PathType, RenderSettings, override

_PLACEHOLDER_SECONDS = 60
_ABSENT_PLACEHOLDER_SECONDS = 300


class Keys(Protocol):
    """Who a key belongs to."""

    async def authenticate(self, raw: str) -> KeyOwner:
        """The owner; Unauthorized for an unknown key."""
        ...


class SettingsOf(Protocol):
    """Which settings apply."""

    async def effective(self, key_id: int | None) -> RenderSettings:
        """Those of the key, or the global ones; None is the free key."""
        ...


class Redirects(Protocol):
    """Addresses without a key, in CDN mode."""

    async def redirect(self, asked: Asked, *, sized: bool) -> Answer | None:
        """The way to what is asked for; None when there is none now. `sized` when the client named the size."""
        ...


class KeyedCaching:
    """What a client may keep: for an hour, since settings and ratings change; for a minute what is stale or degraded."""

    def image(self, served: ServedImage) -> str:
        """Of an image; only a fresh one may be shown on while another is asked for."""
        brief = served.max_age < FRESH_SECONDS
        return f"public, max-age={served.max_age}" + ("" if brief else ", stale-while-revalidate=86400")

    def placeholder(self, *, absent: bool) -> str:
        """Of a placeholder."""
        return f"public, max-age={_ABSENT_PLACEHOLDER_SECONDS if absent else _PLACEHOLDER_SECONDS}"


def image_answer(served: ServedImage) -> Answer:
    """An image as it is answered to whoever has a key."""
    return picture(served, KeyedCaching().image(served))


class ImageRoutes:
    """Handlers of the image routes with an API key in the path. With `redirects` they lead to addresses without one."""

    def __init__(
        self,
        answers: ImageAnswers,
        *,
        keys: Keys,
        settings: SettingsOf,
        note_use: Callable[[KeyOwner], None],
        clock: Clock,
        redirects: Redirects | None = None,
    ) -> None:
        self._answers = answers
        self._keys = keys
        self._settings = settings
        self._note_use = note_use
        self._clock = clock
        self._redirects = redirects
        self._caching = KeyedCaching()

    def register(self, app: Robyn) -> None:
        """Add the routes."""
        for pattern, path in IMAGE_ROUTES.items():
            app.get(pattern)(self._handler(path))

    def _handler(self, path: PathType):  # noqa: ANN202 - Robyn's handler type is its own
        async def image(request: Request) -> Answer | Response:
            return await self._answer(request, path)

        return image

    async def _answer(self, request: Request, path: PathType) -> Answer | Response:
        deadline = self._answers.arrived()
        kind = path.kind
        parts = request.path_params
        query = ImageQuery.of(request)
        size = parse_size(kind, query.size)
        self._answers.require_source(kind)
        async with deadline.of("the key could not be looked up"):
            owner = await self._keys.authenticate(parts["api_key"])
        self._note_use(owner)
        lang = parse_language(query.lang)
        async with deadline.of("the settings could not be read"):
            effective = await self._settings.effective(owner.id)
        settings = override(
            effective,
            path,
            order=query.order,
            bar_position=query.bar_position,
            label=query.label,
        )
        asked = Asked(kind, size, settings, parts["id_type"], parts["id_value"], lang, query.fallback)
        if kind in NEGOTIATED:
            accept = accept_of(request)
            asked = replace(asked, encoding=encoding_for(asked.id_value, accept), accept=accept)
        if self._redirects is not None:
            async with deadline.of("the address could not be made"):
                redirect = await self._redirects.redirect(asked, sized=query.size is not None)
            if redirect is not None:
                return redirect
        return await self._answers.answer(
            asked,
            self._caching,
            deadline=deadline,
            head=request.method == "HEAD",
            on_hit=partial(self._note_use, owner),
            seconds_left=partial(owner.seconds_left, self._clock),
        )
