"""What a worker process of the demo calls to get its application."""

from robyn import Headers, Response, Robyn

from openposterdb.clock import SystemClock
from openposterdb.config import load
from openposterdb.demo.command import DEMO_KEY
from openposterdb.demo.wall import WALL_CSP, favicon, wall_css, wall_html, wall_js
from openposterdb.http.adapter import RobynRSGI
from openposterdb.http.app import assemble
from openposterdb.telemetry import configure_logging


def build() -> RobynRSGI:
    """The service with the wall of posters at `/`. Raises ConfigurationError."""
    environment = load(None)
    configure_logging(level=environment.log_level, form=environment.log_format)
    return assemble(environment, clock=SystemClock(), pages=register_wall)


def register_wall(app: Robyn) -> None:
    """Add the page and what it loads."""
    pages = {
        "/": ("text/html; charset=utf-8", wall_html(DEMO_KEY)),
        "/demo/wall.css": ("text/css; charset=utf-8", wall_css()),
        "/demo/wall.js": ("text/javascript; charset=utf-8", wall_js()),
        "/favicon.ico": ("image/svg+xml", favicon()),
    }
    for path, (content_type, body) in pages.items():
        _add(app, path, content_type, body)


def _add(app: Robyn, path: str, content_type: str, body: bytes) -> None:
    headers = {"content-type": content_type, "cache-control": "no-cache"}
    if content_type.startswith("text/html"):
        headers["content-security-policy"] = WALL_CSP

    async def page() -> Response:
        return Response(200, Headers(headers), body)

    app.get(path)(page)
