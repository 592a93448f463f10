"""The page at `/` of a server that serves real upstreams: that it runs, and the URL to give to a client."""

from robyn import Robyn

from openposterdb import __version__
from openposterdb.http.pages import add_page


def register_landing(app: Robyn) -> None:
    """Add the page and its style."""
    add_page(app, "/", "landing.html", version=__version__)
    add_page(app, "/landing.css", "landing.css")
