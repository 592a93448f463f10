"""The admin web: files of a build, read at start and served from memory.

A build is `index.html`, what it names under `/assets/` (whose names carry a hash of their content), and a few files beside it.
Where `NAME.br` and `NAME.gz` lie beside `NAME`, browsers that take them get them.
"""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from robyn import Request, Robyn

from openposterdb.http import responses
from openposterdb.http.compression import accepts
from openposterdb.http.lost import Lost
from openposterdb.http.responses import Answer
from openposterdb.http.rsgi import HeaderList

VISITORS: Final = "/welcome"
"""The page for visitors, which is at `/` too for whoever is not logged in."""
PAGES: Final = ("/", VISITORS, "/setup", "/login", "/key-settings", "/admin", "/admin/*page")
"""Paths that the built-in web knows."""

WEB_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_REVALIDATED: Final = "no-cache"
_INDEX: Final = "index.html"
_ASSETS: Final = "assets/"
_HASH: Final = re.compile(r"[0-9a-fA-F]{64}")
_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}

_log = structlog.get_logger(__name__)


def find_web() -> Path | None:
    """The build of the built-in web: inside the package, or beside the sources; None if there is none."""
    package = Path(__file__).parents[1]
    places = [package / "web"]
    if len(package.parents) > 2:  # service/src/openposterdb in a checkout
        places.append(package.parents[2] / "admin_web" / "dist")
    return next((place for place in places if (place / _INDEX).is_file()), None)


@dataclass(frozen=True, slots=True)
class _Variant:
    body: bytes
    headers: HeaderList
    etag: str


class WebFile:
    """One file in every encoding it comes in, each with a strong tag of its own."""

    def __init__(self, path: Path, *, immutable: bool) -> None:
        content_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        shared: HeaderList = [
            ("content-type", content_type),
            ("cache-control", _IMMUTABLE if immutable else _REVALIDATED),
        ]
        if path.suffix == ".html":
            shared.append(("content-security-policy", WEB_CSP))
        plain = path.read_bytes()
        packed = {name: path.with_name(path.name + suffix) for name, suffix in _ENCODINGS}
        bodies = {name: file.read_bytes() for name, file in packed.items() if file.is_file()}
        if bodies:
            shared.append(("vary", "accept-encoding"))
        tag = hashlib.sha256(plain).hexdigest()[:32]
        self._plain = _Variant(plain, [*shared, ("etag", f'"{tag}"')], f'"{tag}"')
        self._packed = [
            (name, _Variant(body, [*shared, ("content-encoding", name), ("etag", etag)], etag))
            for name, body in bodies.items()
            if len(body) < len(plain) and (etag := f'"{tag}-{name}"')
        ]

    def answer(self, request: Request) -> Answer:
        """As small as the client takes it."""
        return self.encoded(request.headers.get("accept-encoding") or "")

    def encoded(self, accepted: str) -> Answer:
        """The same for a client's `Accept-Encoding`."""
        best = next((variant for name, variant in self._packed if accepts(name, accepted)), self._plain)
        return Answer(200, list(best.headers), best.body, etag=best.etag)


class Web:
    """The files of a build by their path below it. OSError if one cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            name: WebFile(path, immutable=name.startswith(_ASSETS))
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not _is_packed(path) and (name := path.relative_to(folder).as_posix())
        }
        self.index = self._files[_INDEX]

    @property
    def names(self) -> list[str]:
        """The paths of the files, the pages' own aside."""
        return [name for name in self._files if name != _INDEX]

    def find(self, name: str) -> WebFile | None:
        """The file of that path."""
        return self._files.get(name)


def register_web(app: Robyn, folder: Path, *, pages: tuple[str, ...] = PAGES, lost: Lost | None = None) -> None:
    """Add the built-in web: its pages, and its files by their names. What is neither stays a 404, with a page of its own."""
    web = Web(folder)
    if lost is not None:
        lost.page = web.index.encoded

    async def page(request: Request) -> Answer:
        return web.index.answer(request)

    for path in pages:
        app.get(path)(page)
    for name in web.names:
        if not name.startswith(_ASSETS):
            _add_file(app, web, name)

    async def asset(request: Request) -> object:
        file = web.find(_ASSETS + request.path_params["name"])
        return responses.text("not found", status=404) if file is None else file.answer(request)

    app.get("/assets/*name")(asset)
    _log.info("web_served", files=len(web.names))


def register_static(app: Robyn, folder: Path) -> None:
    """Add a web of somebody's own, whose pages nobody knows here: what is no file is a page of it.

    Except under `/api` and `/c/`, behind what looks like a hash, and where the path names a file that is missing.
    """
    web = Web(folder)

    async def start(request: Request) -> Answer:
        return web.index.answer(request)

    async def anything(request: Request) -> object:
        path = request.path_params["path"]
        first, _, rest = path.partition("/")
        if first == "api" or (first == "c" and rest) or _HASH.fullmatch(first):
            return responses.json({"error": "not found"}, status=404)
        file = web.find(path)
        if file is not None:
            return file.answer(request)
        if "." in path.rpartition("/")[2]:
            return responses.text("not found", status=404)
        return web.index.answer(request)

    app.get("/")(start)
    app.get("/*path")(anything)
    _log.info("static_dir_served", files=len(web.names))


def _add_file(app: Robyn, web: Web, name: str) -> None:
    one = web.find(name) or web.index

    async def file(request: Request) -> Answer:
        return one.answer(request)

    app.get(f"/{name}")(file)


def _is_packed(path: Path) -> bool:
    return any(path.suffix == suffix and path.with_suffix("").is_file() for _, suffix in _ENCODINGS)
