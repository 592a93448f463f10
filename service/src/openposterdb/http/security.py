"""Headers that every answer carries: protection of browsers, and who may read an answer across origins.

Everything outside `/api/` is made for other sites' pages (`Access-Control-Allow-Origin: *`, no credentials); the management
API is for one origin at most. Pages bring a content security policy of their own; what is neither page nor picture is not
meant to be looked at, and may load nothing.
"""

from typing import Final

from openposterdb.http.rsgi import HeaderList

PAGE_CSP: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For pages without scripts, whose style is a file."""

_ALWAYS: Final = (
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
)
_NO_PICTURE: Final = (
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_HSTS: Final = ("strict-transport-security", "max-age=63072000; includeSubDomains")
_VARY: Final = ("vary", "origin, access-control-request-method, access-control-request-headers")
_PREFLIGHT_SECONDS: Final = "86400"


class HeaderPolicy:
    """The headers for a path. `hsts` is for deployments behind TLS; `cors_origin` may use the management API."""

    def __init__(self, *, hsts: bool = False, cors_origin: str | None = None) -> None:
        protection = [*_ALWAYS, _HSTS] if hsts else list(_ALWAYS)
        self._public_cors: HeaderList = [("access-control-allow-origin", "*")]
        self._private_cors: HeaderList = []
        if cors_origin:
            self._private_cors += [
                ("access-control-allow-origin", cors_origin),
                ("access-control-allow-credentials", "true"),
            ]
        self._public: HeaderList = [
            *protection,
            ("cross-origin-resource-policy", "cross-origin"),
            *self._public_cors,
        ]
        self._private: HeaderList = [
            *protection,
            ("cross-origin-resource-policy", "same-origin"),
            *self._private_cors,
        ]
        self._private_methods: HeaderList = (
            [
                ("access-control-allow-methods", "GET,POST,PUT,PATCH,DELETE"),
                ("access-control-allow-headers", "content-type,authorization"),
            ]
            if cors_origin
            else []
        )

    def apply(self, path: str, headers: HeaderList) -> None:
        """Add what is absent to an answer's headers, in place."""
        public = is_public(path)
        present = {name for name, _ in headers}
        headers.extend(pair for pair in (self._public if public else self._private) if pair[0] not in present)
        if not _is_picture(headers):
            headers.extend(pair for pair in _NO_PICTURE if pair[0] not in present)
        if not public:
            headers.append(_VARY)

    def preflight(self, path: str, allow: str) -> HeaderList:
        """The headers of the answer to OPTIONS; `allow` lists the route's methods."""
        headers: HeaderList = [("allow", allow)] if allow else []
        if is_public(path):
            return [
                *headers,
                *self._public_cors,
                ("access-control-allow-methods", "GET,HEAD"),
                ("access-control-allow-headers", "*"),
                ("access-control-max-age", _PREFLIGHT_SECONDS),
            ]
        return [*headers, *self._private_cors, *self._private_methods, _VARY]


def is_public(path: str) -> bool:
    """Whether any site's page may read the answer."""
    return not (path.startswith("/api/") or path == "/api")


def _is_picture(headers: HeaderList) -> bool:
    return any(name == "content-type" and value.startswith("image/") for name, value in headers)
