"""Pages of our own: rendered once at start, under a policy that lets nothing in but their style."""

from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
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
    templates.filters.update(code=_code, tail=_tail)
    body = templates.get_template(name).render(values).encode()
    content_type = _TYPES[name.rpartition(".")[2]]
    headers = [("content-security-policy", PAGE_CSP)] if name.endswith(".html") else []
    page = ConstantAnswer(body, content_type, cache_control=_REVALIDATED, headers=headers)

    async def answer(request: Request) -> Answer:
        return page.answer(request)

    app.get(path)(answer)


def _code(text: str) -> Markup:
    """The text with what stands between backticks as code."""
    parts = text.split("`")
    return Markup("").join(  # every other part is code; an odd backtick leaves the rest so
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts)
    )


def _tail(path: str) -> str:
    """A path as short as it can be told from the others: without the key, the id and `/api`."""
    shortened = path.replace("/{api_key}", "").replace("/{id_type}", "").replace("/{id_value}", "")
    return shortened.removeprefix("/api") or path
