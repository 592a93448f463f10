"""The page at `/` of a server that serves real upstreams: that it runs, and the URL to give to a client."""

from typing import Final

from robyn import Headers, Response, Robyn

from openposterdb import __version__

_PAGE: Final = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Posters, logos and backdrops with rating badges, by URL">
<title>OpenPosterDB</title>
<style>
  :root {{ color-scheme: light dark; --ink: #1c1c1e; --quiet: #66666b; --paper: #f4f4f5; --card: #fff; --line: #e2e2e5; }}
  @media (prefers-color-scheme: dark) {{
    :root {{ --ink: #ececee; --quiet: #9b9ba1; --paper: #121214; --card: #1b1b1e; --line: #2c2c30; }}
  }}
  body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
         font: 16px/1.6 system-ui, sans-serif; }}
  main {{ box-sizing: border-box; width: min(42rem, 100vw - 2rem); padding: 2rem; background: var(--card);
         border: 1px solid var(--line); border-radius: 12px; }}
  h1 {{ margin: 0; font-size: 1.5rem; }}
  p {{ margin: .75rem 0 0; }}
  .quiet {{ color: var(--quiet); }}
  code {{ display: block; overflow-x: auto; margin-top: .75rem; padding: .75rem 1rem; border-radius: 8px;
         background: var(--paper); border: 1px solid var(--line); font: 14px/1.5 ui-monospace, monospace; }}
</style>
<main>
  <h1>OpenPosterDB</h1>
  <p class="quiet">Version {__version__} is running.</p>
  <p>Create a key with <b>openposterdb keys create NAME</b>, then give your media server or add-on this address:</p>
  <code>/YOUR-KEY/imdb/poster-default/tt0111161.jpg</code>
</main>
"""


def register_landing(app: Robyn) -> None:
    """Add the page."""
    body = _PAGE.encode()

    async def landing() -> Response:
        return Response(200, Headers({"content-type": "text/html; charset=utf-8"}), body)

    app.get("/")(landing)
