"""`/api/admin/preview/…`, `/api/key/me/preview/…`: what settings look like, without saving them."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, Field

from openposterdb.buckets import Buckets, Rate
from openposterdb.clock import Clock
from openposterdb.domain import NATURAL_ORDER, ImageKind, ImageSize
from openposterdb.errors import Invalid, NotConfigured, TooManyRequests
from openposterdb.http import responses
from openposterdb.http.api.calls import AdminCall, KeyCall
from openposterdb.http.api.endpoints import Api, Handler
from openposterdb.http.api.numbers import Int32
from openposterdb.http.deadline import Deadline
from openposterdb.http.image_query import parse_size, strip_extension
from openposterdb.http.responses import Answer
from openposterdb.images import ImageRequest, Previews
from openposterdb.settings import RenderSettings
from openposterdb.settings.model import Chroma, Fit, LabelStyle, Language, MaxBytes, Position, PosterSource, Shape
from openposterdb.titles.ids import parse_id

TAG: Final = "Previews"
RATE: Final = Rate(burst=60, interval=0.05)
"""Of one session: a slider that is moved for seconds."""

TITLE_RATE: Final = Rate(burst=30, interval=0.5)
"""Of one session: titles whose ratings and art have to be asked for."""

_LONGEST_ID: Final = 120
_MOST_BADGES: Final = len(NATURAL_ORDER)
_CACHED: Final = "public, max-age=60"
_ERRORS: Final = {
    404: "There is no such title, or no art for it.",
    501: "A title's logo or backdrop needs a Fanart.tv key, which is not configured.",
    502: "A service that is needed is broken.",
    504: "A service that is needed, or the preview itself, took too long.",
}


def _or(default: str) -> BeforeValidator:
    """An empty text counts as not given."""
    return BeforeValidator(lambda value: value or default)


Order = Annotated[
    str, Field(description="Rating sources, first ones first, comma-separated; unknown ones are skipped.")
]
ShapeParameter = Field(description="Shape of a badge: h horizontal, v vertical, d by default.")
SizeParameter = Field(alias="imageSize", description="How large it is drawn.")


class PreviewQuery(BaseModel):
    """What every kind has. An `id` draws on the title's own art with its own ratings, in place of the samples."""

    ratings_limit: Annotated[Int32, Field(description="Most badges; 0 or less for all.")] = 3
    ratings_order: Order = ""
    ratings_exclude: Annotated[str, Field(description="Rating sources not to show; unknown ones are skipped.")] = ""
    label_style: Annotated[LabelStyle, Field(description="i an icon, t text.")] = "i"
    fit: Annotated[Fit, Field(description="cover: exact sizes, native: the art's own aspect.")] = "cover"
    id: Annotated[
        str | None,
        Field(description="A title: `imdb/tt0111161`, `tmdb/movie-278` or `tvdb/81189`.", max_length=_LONGEST_ID),
    ] = None

    @property
    def ratings(self) -> dict[str, Any]:
        """The settings that choose ratings; a limit is that of every kind, since only one is drawn."""
        limit = self.ratings_limit if 0 < self.ratings_limit < _MOST_BADGES else 0
        return {
            "ratings_order": _known(self.ratings_order),
            "ratings_exclude": _known(self.ratings_exclude),
            **dict.fromkeys(("ratings_limit", "logo_ratings_limit", "backdrop_ratings_limit"), limit),
            "fit": self.fit,
        }


class PosterPreview(PreviewQuery):
    """What a poster looks like."""

    poster_position: Annotated[
        Position, _or("bc"), Field(description="Where the badges stand: b bottom, t top, c centre, l left, r right.")
    ] = "bc"
    badge_style: Annotated[Shape, _or("d"), ShapeParameter] = "d"
    badge_direction: Annotated[Shape, Field(description="h in rows, v in a column, d by position.")] = "d"
    image_size: Annotated[Literal["medium", "large", "very-large", "verylarge"], SizeParameter] = "medium"
    chroma: Annotated[Chroma, Field(description="Colour resolution: 420 halved, 444 full.")] = "420"
    max_bytes: Annotated[MaxBytes, Field(alias="maxBytes", description="Most bytes, 0 for no bound.")] = 0
    poster_source: Annotated[PosterSource, Field(description="With `id`: whose art, t TMDB, f Fanart.tv.")] = "t"
    fanart_lang: Annotated[Language, Field(description="With `id`: the art's language.")] = "en"
    fanart_textless: Annotated[
        Literal["true", "false"], Field(description="With `id`: whether art without text is preferred.")
    ] = "false"

    @property
    def settings(self) -> RenderSettings:
        """The settings that these parameters say."""
        return RenderSettings.model_validate(
            {
                **self.ratings,
                "poster_position": self.poster_position,
                "poster_badge_style": self.badge_style,
                "poster_badge_direction": self.badge_direction,
                "poster_label_style": self.label_style,
                "chroma": self.chroma,
                "max_bytes": self.max_bytes,
                "poster_source": self.poster_source,
                "fanart_lang": self.fanart_lang,
                "fanart_textless": self.fanart_textless == "true",
            }
        )


class LogoPreview(PreviewQuery):
    """What a logo looks like."""

    badge_style: Annotated[Shape, _or("h"), ShapeParameter] = "h"
    image_size: Annotated[Literal["medium", "large", "very-large", "verylarge"], SizeParameter] = "medium"
    fanart_lang: Annotated[Language, Field(description="With `id`: the art's language.")] = "en"

    @property
    def settings(self) -> RenderSettings:
        """The settings that these parameters say."""
        return RenderSettings.model_validate(
            {
                **self.ratings,
                "logo_badge_style": self.badge_style,
                "logo_label_style": self.label_style,
                "fanart_lang": self.fanart_lang,
            }
        )


class BackdropPreview(PreviewQuery):
    """What a backdrop looks like."""

    badge_style: Annotated[Shape, _or("v"), ShapeParameter] = "v"
    image_size: Annotated[Literal["small", "medium", "large", "very-large", "verylarge"], SizeParameter] = "medium"
    chroma: Annotated[Chroma, Field(description="Colour resolution: 420 halved, 444 full.")] = "420"
    max_bytes: Annotated[MaxBytes, Field(alias="maxBytes", description="Most bytes, 0 for no bound.")] = 0

    @property
    def settings(self) -> RenderSettings:
        """The settings that these parameters say."""
        return RenderSettings.model_validate(
            {
                **self.ratings,
                "backdrop_badge_style": self.badge_style,
                "backdrop_label_style": self.label_style,
                "chroma": self.chroma,
                "max_bytes": self.max_bytes,
            }
        )


AnyPreview = PosterPreview | LogoPreview | BackdropPreview

_QUERIES: Final[dict[ImageKind, type[AnyPreview]]] = {
    ImageKind.POSTER: PosterPreview,
    ImageKind.LOGO: LogoPreview,
    ImageKind.BACKDROP: BackdropPreview,
}


class PreviewRoutes:
    """Previews for admins and for owners of keys. `deadline` is in seconds."""

    def __init__(self, previews: Previews, *, fanart_configured: bool, deadline: float, clock: Clock) -> None:
        self._previews = previews
        self._fanart_configured = fanart_configured
        self._deadline = deadline
        self._buckets = Buckets(RATE, clock)
        self._title_buckets = Buckets(TITLE_RATE, clock)

    def add_to(self, api: Api) -> None:
        """Add the operations."""
        for kind, query in _QUERIES.items():
            about: Any = {"tag": TAG, "media": (kind.content_type,), "errors": _ERRORS, "limited": True}
            noun = kind.value.title()
            admin, own = self._for_admin(kind, query), self._for_owner(kind, query)
            admin.__doc__ = own.__doc__ = _DESCRIPTION.format(kind=kind.value)
            api.get(f"/api/admin/preview/{kind}", name=f"preview{noun}", **about)(admin)
            api.get(f"/api/key/me/preview/{kind}", name=f"previewOwn{noun}", **about)(own)

    def _for_admin(self, kind: ImageKind, model: type[AnyPreview]) -> Handler:
        async def preview(call: AdminCall, query: AnyPreview) -> Answer:
            return await self._preview(f"admin {call.admin.id}", kind, query)

        preview.__annotations__["query"] = model
        return preview

    def _for_owner(self, kind: ImageKind, model: type[AnyPreview]) -> Handler:
        async def preview(call: KeyCall, query: AnyPreview) -> Answer:
            return await self._preview(f"key {call.key.id}", kind, query)

        preview.__annotations__["query"] = model
        return preview

    async def _preview(self, session: str, kind: ImageKind, query: AnyPreview) -> Answer:
        _spend(self._buckets, session, "too many previews")
        size = parse_size(kind, query.image_size)
        if query.id is None:
            drawing = self._previews.of_sample(kind, size, query.settings)
        else:
            request = self._request(kind, size, query.id, query.settings)
            if not self._previews.is_gathered(request):
                _spend(self._title_buckets, session, "too many titles")
            drawing = self._previews.of_title(request)
        async with Deadline(self._deadline).of("the preview was not ready"):
            served = await drawing
        return responses.image(
            served.body,
            served.content_type,
            etag=served.etag,
            cache_control="no-store" if served.degraded else _CACHED,
        )

    def _request(self, kind: ImageKind, size: ImageSize, text: str, settings: RenderSettings) -> ImageRequest:
        if kind is not ImageKind.POSTER and not self._fanart_configured:
            raise NotConfigured("FANART_API_KEY not configured")
        id_type, slash, value = text.partition("/")
        if not slash:
            raise Invalid("id: must be a type and an id, for instance imdb/tt0111161")
        return ImageRequest(kind, parse_id(id_type, strip_extension(value)), size, settings)


_DESCRIPTION: Final = """Show what a {kind} looks like with other settings.

Nothing is saved, neither settings nor pictures. Without `id` the answer is always the same for the same parameters, and no
upstream is asked.
"""


def _spend(buckets: Buckets, session: str, complaint: str) -> None:
    if not buckets.allow(session):
        raise TooManyRequests(complaint, retry_after=buckets.retry_after(session))


def _known(order: str) -> str:
    """The known sources of a comma list, once each."""
    names = (item.strip() for item in order.split(","))
    return ",".join(dict.fromkeys(name for name in names if name in NATURAL_ORDER))
