"""What a person sees at a path that there is not: the web's own page, where a browser asks for one; programs get a line of text."""

from collections.abc import Callable
from dataclasses import dataclass

from openposterdb.http import responses
from openposterdb.http.encodings import names
from openposterdb.http.responses import Answer, Outgoing
from openposterdb.http.rsgi import Scope

_READING = frozenset({"GET", "HEAD"})
_VARIES = "accept, accept-encoding"
_PAGE = "text/html"


@dataclass(slots=True)
class Lost:
    """Answers what no route takes. `page` makes the web's page for an `Accept-Encoding`, None where there is no web.

    Nobody asks for a page under `/api` and `/c/`, and none where a file is named.
    """

    page: Callable[[str], Answer] | None = None

    def answer(self, scope: Scope) -> Outgoing:
        """The 404 for that request."""
        path = scope.path
        if path.startswith(("/api/", "/c/")) or path == "/api":
            return responses.outgoing(responses.json({"error": "not found"}, status=404))
        if self.page is None or scope.method not in _READING or "." in path.rpartition("/")[2]:
            return responses.outgoing(responses.text("not found", status=404))
        if not names(_PAGE, scope.headers.get("accept") or ""):  # as browsers do for what is shown in a tab
            out = responses.outgoing(responses.text("not found", status=404))
            out.headers.append(("vary", "accept"))
            return out
        found = self.page(scope.headers.get("accept-encoding") or "")
        headers = [(name, value) for name, value in found.header_list if name not in {"etag", "vary"}]
        return responses.outgoing(Answer(404, [*headers, ("vary", _VARIES)], found.body))
