"""Pages of our own: rendered once at start, under a policy that lets nothing in but their style."""

from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from robyn import Request, Robyn

from openposterdb.http.constants import ConstantAnswer
from openposterdb.http.responses import Answer
from openposterdb.http.security import PAGE_CSP

_REVALIDATED: Final = "no-cache"
_FILES: Final = PackageLoader("openposterdb.http", "page")
_TYPES: Final = {"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8"}


def add_page(app: Robyn, path: str, name: str, **values: Any) -> None:
    """Serve the template `name` at `path`, filled with `values`; what is `.html` escapes them."""
    templates = Environment(
        loader=_FILES, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    body = templates.get_template(name).render(values).encode()
    content_type = _TYPES[name.rpartition(".")[2]]
    headers = [("content-security-policy", PAGE_CSP)] if name.endswith(".html") else []
    page = ConstantAnswer(body, content_type, cache_control=_REVALIDATED, headers=headers)

    async def answer(request: Request) -> Answer:
        return page.answer(request)

    app.get(path)(answer)
