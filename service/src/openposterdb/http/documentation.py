"""What the service says of itself: the OpenAPI document at `/api/openapi.json`, and a page made of it at `/docs`."""

from collections.abc import Sequence
from typing import Any, Final

from robyn import Request, Robyn

from openposterdb import __version__
from openposterdb.http.api.document import Schema, openapi_document
from openposterdb.http.api.endpoints import Operation
from openposterdb.http.api.image_paths import CDN, IMAGES, RPDB_TYPES, image_paths
from openposterdb.http.api.management import TAGS
from openposterdb.http.api.outline import outline
from openposterdb.http.api.side_paths import HEALTH, side_paths
from openposterdb.http.constants import ConstantAnswer
from openposterdb.http.pages import add_page
from openposterdb.http.responses import Answer, encode

DOCUMENT: Final = "/api/openapi.json"
_RPDB: Final = (
    "What clients of RPDB ask for beside them, with the same parameters and answers. `order` belongs to `rating-order` and "
    "`textless-order`: `imdb,tomatoes-critics`."
)
_CACHED: Final = "public, max-age=86400"


def describe(operations: Sequence[Operation], *, cdn: bool) -> Schema:
    """The whole document; `cdn` tells whether image routes redirect to `/c/`."""
    tags: list[dict[str, Any]] = [
        {"name": IMAGES, "description": "Posters, logos and backdrops with rating badges, by URL."},
        {"name": RPDB_TYPES, "description": _RPDB, "x-brief": True},
        {"name": CDN, "description": "Where image routes redirect to."},
        *({"name": name, "description": description} for name, description in TAGS),
        {"name": HEALTH, "description": "For whoever runs the service."},
    ]
    paths = {**image_paths(cdn=cdn), **side_paths()}
    if not cdn:
        tags = [tag for tag in tags if tag["name"] != CDN]
    return openapi_document(operations, version=__version__, paths=paths, tags=tags)


def register_documentation(app: Robyn, document: Schema, *, page: bool = True) -> None:
    """Add the document, and the page unless there is to be none."""
    constant = ConstantAnswer(encode(document), "application/json", cache_control=_CACHED)

    async def openapi(request: Request) -> Answer:
        return constant.answer(request)

    app.get(DOCUMENT)(openapi)
    if not page:
        return
    add_page(app, "/docs", "docs.html", version=__version__, document=DOCUMENT, sections=outline(document))
    add_page(app, "/docs.css", "docs.css")
