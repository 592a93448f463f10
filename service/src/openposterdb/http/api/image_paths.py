"""The image routes in the OpenAPI document: by key, and by the hash of their settings."""

from collections.abc import Mapping
from typing import Any, Final

from openposterdb.domain import Encoding, ImageKind, ImageSize
from openposterdb.http.api.document import Schema, error_response, too_many_response, unavailable_response
from openposterdb.http.encodings import NEGOTIATED
from openposterdb.http.image_query import IMAGE_ROUTES
from openposterdb.settings import PathType
from openposterdb.settings.overrides import RPDB_POSITIONS, RPDB_SOURCES

IMAGES: Final = "Images"
RPDB_TYPES: Final = "RPDB path types"
CDN: Final = "CDN"

_KINDS: Final = {
    ImageKind.POSTER: "The poster with the badges of the key's settings",
    ImageKind.LOGO: "The title's logo with badges below it, on a transparent ground: PNG, or lossless WebP",
    ImageKind.BACKDROP: "The backdrop with badges",
}
_SEGMENTS: Final = {
    "poster-certs": "The poster as `poster-default`; certificates are left out",
    "poster-rt": "The poster with IMDb, Rotten Tomatoes critics and audience",
    "poster-mc": "The poster with IMDb, Metacritic, Rotten Tomatoes audience",
    "rating-order": "The poster with the ratings of `order`, in that order",
    "textless-default": "`poster-default` on art without text, where there is some",
    "textless-certs": "`poster-certs` on art without text, where there is some",
    "textless-rt": "`poster-rt` on art without text, where there is some",
    "textless-mc": "`poster-mc` on art without text, where there is some",
    "textless-order": "`rating-order` on art without text, where there is some",
    "background-default": "Another name of `backdrop-default`",
}
_DESCRIPTION: Final = (
    "The id may end in `.jpg`, `.jpeg`, `.png` or `.webp`, whichever; the content type tells what the bytes are. "
    "Parameters that are not listed are ignored."
)
_HEAD: Final = (
    "The headers of GET. Where the picture is not made yet, this starts it and answers within a second, then without "
    "`ETag` and `Content-Length`."
)
_IDS: Final[Mapping[str, Schema]] = {
    "imdb": {"summary": "By IMDb id", "value": "tt0111161.jpg"},
    "tmdb": {"summary": "By TMDB number: `movie-…` or `series-…`", "value": "movie-278.jpg"},
    "tvdb": {"summary": "By TVDB number", "value": "81189.jpg"},
}


def image_paths(*, cdn: bool) -> dict[str, Schema]:
    """A path item for every image route; `cdn` tells whether keyed routes redirect to those by hash."""
    paths: dict[str, Schema] = {}
    for pattern, path in IMAGE_ROUTES.items():
        segment = pattern.split("/")[3]
        paths[openapi_path(pattern)] = _keyed_item(segment, path, cdn=cdn)
    if cdn:
        for kind in ImageKind:
            paths[f"/c/{{settings_hash}}/{{id_type}}/{kind}-default/{{id_value}}"] = _hashed_item(kind)
    return paths


def openapi_path(pattern: str) -> str:
    """`/{api_key}/isValid` of `/:api_key/isValid`."""
    return "/".join(f"{{{part[1:]}}}" if part.startswith(":") else part for part in pattern.split("/"))


def key_parameter() -> Schema:
    """The API key in the path."""
    return {
        "name": "api_key",
        "in": "path",
        "required": True,
        "description": "An API key, or `t0-free-rpdb` where the free key is on.",
        "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
        "example": "t0-free-rpdb",
    }


def id_parameters() -> list[Schema]:
    """The two parts of an id."""
    return [
        {
            "name": "id_type",
            "in": "path",
            "required": True,
            "description": "Whose id it is.",
            "schema": {"type": "string", "enum": ["imdb", "tmdb", "tvdb"]},
        },
        {
            "name": "id_value",
            "in": "path",
            "required": True,
            "description": (
                "IMDb: `tt` and digits. TMDB: `movie-278`, `series-1396` (also `tv-`, `show-`), or a bare number: the "
                "movie, else the series. TVDB: a bare number: the series, else the movie; or `movie-…`, `series-…`."
            ),
            "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
            "examples": dict(_IDS),
        },
    ]


def _keyed_item(segment: str, path: PathType, *, cdn: bool) -> Schema:
    kind = path.kind
    plain = segment == f"{kind}-default"
    name = "".join(word.title() for word in (kind if plain else segment).split("-"))
    responses = _responses(kind)
    responses["401"] = error_response("There is no such key.")
    if cdn:
        responses["302"] = _redirect()
    shared: Schema = {
        "tags": [IMAGES if plain else RPDB_TYPES],
        "summary": _KINDS[kind] if plain else _SEGMENTS[segment],
        "parameters": [key_parameter(), *id_parameters(), *_query(kind, ordered=path.ordered_by_query)],
        "security": [],
    }
    return _item(shared, name, responses)


def _hashed_item(kind: ImageKind) -> Schema:
    settings_hash: Schema = {
        "name": "settings_hash",
        "in": "path",
        "required": True,
        "description": "What a redirect says; it stands for everything that can change a pixel.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    }
    shared: Schema = {
        "tags": [CDN],
        "summary": f"The {kind} that a key was redirected to",
        "parameters": [settings_hash, *id_parameters(), _FALLBACK, _size(kind)],
        "security": [],
    }
    return _item(shared, f"{kind.title()}ByHash", _responses(kind))


def _item(shared: Schema, name: str, responses: Schema) -> Schema:
    get = {**shared, "operationId": f"get{name}", "description": _DESCRIPTION, "responses": _sorted(responses)}
    head = {
        **shared,
        "operationId": f"head{name}",
        "description": _HEAD,
        "responses": _sorted({status: _without_body(response) for status, response in responses.items()}),
    }
    return {"get": get, "head": head}


def _query(kind: ImageKind, *, ordered: bool) -> list[Schema]:
    parameters: list[Schema] = [_FALLBACK, _LANG, _size(kind)]
    if ordered:
        sources = ", ".join(f"`{source}`" for source in RPDB_SOURCES)
        parameters.append(
            _optional("order", f"Comma-separated: {sources}. Unknown ones are ignored.", {"type": "string"})
        )
    if kind is ImageKind.POSTER:
        positions = {"type": "string", "enum": list(RPDB_POSITIONS)}
        parameters.append(_optional("ratingBarPos", "Where the badges stand. Another value is ignored.", positions))
    text = {"type": "string", "enum": ["text"]}
    parameters.append(_optional("label", "`text`: names in place of icons. Another value is ignored.", text))
    return parameters


def _size(kind: ImageKind) -> Schema:
    sizes = [size.value for size in ImageSize if size is not ImageSize.SMALL or kind is ImageKind.BACKDROP]
    return _optional(
        "imageSize",
        "How large the picture is; `verylarge` is understood as well."
        + ("" if "small" in sizes else " No `small` here."),
        {"type": "string", "enum": sizes, "default": "medium"},
    )


def _optional(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


_FALLBACK: Final = _optional(
    "fallback",
    "`true`: a placeholder in place of an error that comes after the key and the parameters were accepted. Another value is off.",
    {"type": "string", "enum": ["true"]},
)
_LANG: Final = _optional(
    "lang",
    "Language of posters and logos, `de` or `pt-BR`; of backdrops without effect.",
    {"type": "string", "pattern": r"^[a-zA-Z0-9\-]{2,5}$"},
)


def _responses(kind: ImageKind) -> Schema:
    responses: dict[str, Any] = {
        "200": {
            "description": "The picture. Brief `max-age` where it stands in for what cannot be had now.",
            "content": {
                encoding.content_type(kind): {"schema": {"type": "string", "format": "binary"}}
                for encoding in (Encoding if kind in NEGOTIATED else [Encoding.USUAL])
            },
            "headers": {"Cache-Control": _header("For how long it may be kept."), "ETag": _header("A strong tag.")},
        },
        "304": {"description": "The client has it already (`If-None-Match`)."},
        "400": error_response("A malformed id, `lang` or `imageSize`, or a repeated parameter.", text=True),
        "404": error_response("There is no such title, or no art for it.", text=True),
        "429": too_many_response(),
        "500": error_response("An error of this service."),
        "502": error_response("An upstream service refused or broke."),
        "503": unavailable_response(),
        "504": error_response("An upstream service or the database did not answer in time."),
    }
    if kind is not ImageKind.POSTER:
        responses["501"] = error_response("The server has no Fanart.tv key, which logos and backdrops need.")
    return responses


def _redirect() -> Schema:
    return {
        "description": "The picture is at an address that a CDN can keep for everybody with the same settings.",
        "headers": {"Location": _header("`/c/…`, relative."), "Cache-Control": _header("Minutes.")},
    }


def _header(description: str) -> Schema:
    return {"description": description, "schema": {"type": "string"}}


def _without_body(response: Schema) -> Schema:
    return {name: value for name, value in response.items() if name != "content"}


def _sorted(responses: Mapping[str, Schema]) -> Schema:
    return {status: responses[status] for status in sorted(responses)}
