"""What is asked for while an upstream fails: one of every way that art takes."""

import asyncio

TITLE = "tt99000102"  # has TMDB's poster, another of Fanart's in French, a logo and a backdrop, ratings of everybody
BYSTANDER = "imdb/poster-default/tt99000101.jpg"  # another title, made before anything fails

REQUESTS = {
    "poster": f"imdb/poster-default/{TITLE}.jpg",
    "Fanart poster": f"imdb/poster-default/{TITLE}.jpg?lang=fr",
    "logo": f"imdb/logo-default/{TITLE}.png",
    "backdrop": f"imdb/backdrop-default/{TITLE}.jpg",
}


def with_fallback(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}fallback=true"


async def ask_all(service, paths):
    """The answers by name, all asked for at once."""
    return dict(zip(paths, await asyncio.gather(*(service.get(path) for path in paths.values())), strict=True))
