"""What each upstream answers, in the shapes that the real ones send."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from openposterdb.demo.catalogue import Catalogue, DemoTitle
from openposterdb.demo.faults import Service
from openposterdb.demo.pictures import Pictures, revalidate
from openposterdb.demo.wire import Answer, Request
from openposterdb.domain import MediaType

KEYS: Mapping[Service, str] = {
    Service.TMDB: "demo-tmdb-key",
    Service.FANART: "demo-fanart-key",
    Service.MDBLIST: "demo-mdblist-key",
    Service.OMDB: "demo-omdb-key",
}
_NOT_FOUND = {"success": False, "status_code": 34, "status_message": "The resource you requested could not be found."}
_BAD_KEY = {"status_code": 7, "status_message": "Invalid API key: You must be granted a valid key.", "success": False}
_NO_PICTURE = Answer(404, b"<h1>File not Found</h1>", "text/html")
_LOGO_LANGUAGE = "en"
_MDBLIST_SCALES: Mapping[str, float] = {"imdb": 10, "letterboxd": 20}


def _json(data: Any, status: int = 200) -> Answer:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, "application/json; charset=utf-8")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1


class Answers:
    """The four upstreams' answers out of one catalogue; `fanart_images` is the URL that Fanart's pictures start with."""

    def __init__(self, catalogue: Catalogue, pictures: Pictures, fanart_images: str) -> None:
        self._catalogue = catalogue
        self._pictures = pictures
        self._fanart_images = fanart_images

    def answer(self, service: Service, path: str, request: Request) -> Answer:
        """The answer to a GET of `path`, which is what follows the service's own segment."""
        match service:
            case Service.TMDB:
                return self._tmdb(path, request.query)
            case Service.FANART:
                return self._fanart(path, request.query)
            case Service.MDBLIST:
                return self._mdblist(path, request.query)
            case Service.OMDB:
                return self._omdb(request.query)
            case Service.TMDB_IMAGES:
                picture = self._tmdb_picture(path)
            case Service.FANART_IMAGES:
                picture = self._fanart_picture(path)
        return _NO_PICTURE if picture is None else revalidate(request, picture)

    def _tmdb(self, path: str, query: Mapping[str, str]) -> Answer:
        if query.get("api_key") != KEYS[Service.TMDB]:
            return _json(_BAD_KEY, 401)
        if found := re.fullmatch(r"/3/find/([^/]+)", path):
            return _json(self._find(unquote(found[1]), query.get("external_source", "")))
        if found := re.fullmatch(r"/3/(movie|tv)/([^/]+)", path):
            media: MediaType = "movie" if found[1] == "movie" else "series"
            title = self._catalogue.by_tmdb(media, _number(found[2]))
            if title is not None:
                return _json(_tmdb_detail(title, with_ids=query.get("append_to_response") == "external_ids"))
        if path == "/3/configuration":
            return _json({"images": {"secure_base_url": "", "poster_sizes": ["w780", "original"]}})
        return _json(_NOT_FOUND, 404)

    def _find(self, value: str, source: str) -> dict[str, Any]:
        movies: list[DemoTitle | None] = []
        series: list[DemoTitle | None] = []
        episodes: list[dict[str, Any]] = []
        if source == "imdb_id":
            title = self._catalogue.by_imdb(value)
            (movies if title and title.media == "movie" else series).append(title)
            known = (episode for episode in self._catalogue.episode if episode.imdb == value)
            episodes = [{"id": episode.tmdb, "name": episode.name, "media_type": "tv_episode"} for episode in known]
        elif source == "tvdb_id":
            movies = [self._catalogue.by_tvdb("movie", _number(value))]
            series = [self._catalogue.by_tvdb("series", _number(value))]
        return {
            "movie_results": [_tmdb_entry(title) for title in movies if title],
            "person_results": [],
            "tv_results": [_tmdb_entry(title) for title in series if title],
            "tv_episode_results": episodes,
            "tv_season_results": [],
        }

    def _tmdb_picture(self, path: str) -> Answer | None:
        found = re.fullmatch(r"/t/p/(?:w\d+|original)/([a-z-]+)\.jpg", path)
        return self._pictures.poster(found[1]) if found else None

    def _fanart(self, path: str, query: Mapping[str, str]) -> Answer:
        if query.get("api_key") != KEYS[Service.FANART]:
            return _json({"status": "error", "error message": "Invalid API key"}, 401)
        title = None
        if found := re.fullmatch(r"/v3/movies/([^/]+)", path):
            title = self._catalogue.by_tmdb("movie", _number(found[1]))
        elif found := re.fullmatch(r"/v3/tv/([^/]+)", path):
            title = self._catalogue.by_tvdb("series", _number(found[1]))
        if title is None or not (title.fanart_posters or title.logo or title.backdrop):
            return _json({"status": "error", "error message": "Not found"}, 404)
        return _json(self._fanart_lists(title))

    def _fanart_lists(self, title: DemoTitle) -> dict[str, Any]:
        movie = title.media == "movie"
        prefix, family = ("movie", f"movies/{title.tmdb}") if movie else ("tv", f"tv/{title.tvdb}")
        root = f"{self._fanart_images}/fanart/{family}"
        backdrops = "moviebackground" if movie else "showbackground"

        def entry(index: int, url: str, lang: str, likes: int) -> dict[str, str]:
            return {"id": f"{title.tmdb}{index:02}", "url": f"{root}/{url}", "lang": lang, "likes": str(likes)}

        lists: dict[str, Any] = {
            f"{prefix}poster": [
                entry(index, f"{prefix}poster/{title.slug}.{lang}.jpg", lang, 9 - index)
                for index, lang in enumerate(title.fanart_posters)
            ]
        }
        if title.logo:
            lists[f"hd{prefix}logo"] = [entry(20, f"hd{prefix}logo/{title.slug}.png", _LOGO_LANGUAGE, 4)]
        if title.backdrop:
            lists[backdrops] = [entry(30, f"{backdrops}/{title.slug}.jpg", "", 3)]
        ids = {"tmdb_id": str(title.tmdb), "imdb_id": title.imdb or ""} if movie else {"thetvdb_id": str(title.tvdb)}
        return {"name": title.title, **ids, **lists}

    def _fanart_picture(self, path: str) -> Answer | None:
        if found := re.fullmatch(r"/fanart/(?:movies|tv)/\d+/(?:movie|tv)poster/([a-z-]+)\.([A-Za-z0-9-]+)\.jpg", path):
            return self._pictures.poster(found[1], found[2])
        if found := re.fullmatch(r"/fanart/(?:movies|tv)/\d+/(?:movie|show)background/([a-z-]+)\.jpg", path):
            return self._pictures.backdrop(found[1])
        if found := re.fullmatch(r"/fanart/(?:movies|tv)/\d+/hd(?:movie|tv)logo/([a-z-]+)\.png", path):
            return self._pictures.logo(found[1])
        return None

    def _mdblist(self, path: str, query: Mapping[str, str]) -> Answer:
        if query.get("apikey") != KEYS[Service.MDBLIST]:
            return _json({"error": "Invalid API key"}, 401)
        found = re.fullmatch(r"/imdb/(movie|show)/([^/]+)", path)
        title = self._catalogue.by_imdb(unquote(found[2])) if found else None
        if found is None or title is None or (title.media == "movie") != (found[1] == "movie"):
            return _json({"error": "Not found"}, 404)
        return _json(_mdblist_detail(title))

    def _omdb(self, query: Mapping[str, str]) -> Answer:
        if query.get("apikey") != KEYS[Service.OMDB]:
            return _json({"Response": "False", "Error": "Invalid API key!"}, 401)
        title = self._catalogue.by_imdb(query.get("i", ""))
        if title is None or not title.omdb:
            return _json({"Response": "False", "Error": "Error getting data."})
        return _json(_omdb_detail(title))


def _tmdb_entry(title: DemoTitle) -> dict[str, Any]:
    names = ("title", "original_title", "release_date") if title.media == "movie" else _SERIES_NAMES
    texts = (title.title, title.original or title.title, title.released or "")
    return {
        "id": title.tmdb,
        **dict(zip(names, texts, strict=True)),
        "overview": title.tagline,
        "original_language": title.language,
        "poster_path": f"/{title.slug}.jpg" if title.tmdb_poster else None,
        "media_type": "movie" if title.media == "movie" else "tv",
        "vote_average": title.ratings.get("tmdb", 0.0),
        "vote_count": 1830 if "tmdb" in title.ratings else 0,
    }


_SERIES_NAMES = ("name", "original_name", "first_air_date")


def _tmdb_detail(title: DemoTitle, *, with_ids: bool) -> dict[str, Any]:
    detail = _tmdb_entry(title)
    del detail["media_type"]
    detail["tagline"] = title.tagline
    if title.media == "movie":
        detail["imdb_id"] = title.imdb
    elif with_ids:
        detail["external_ids"] = {"imdb_id": title.imdb, "tvdb_id": title.tvdb, "tvrage_id": None}
    return detail


def _mdblist_detail(title: DemoTitle) -> dict[str, Any]:
    def rating(source: str) -> dict[str, Any]:
        value = title.ratings.get(source)
        if value is None:
            return {"source": source, "value": None, "score": None, "votes": None}
        score = round(value * _MDBLIST_SCALES.get(source, 1))
        shown = value / 10 if source == "myanimelist" else value
        return {"source": source, "value": shown, "score": score, "votes": 1200, "url": None}

    sources = ("imdb", "metacritic", "trakt", "tomatoes", "popcorn", "letterboxd", "rogerebert", "myanimelist")
    return {
        "id": title.imdb,
        "title": title.title,
        "year": int(title.year) if title.year else None,
        "type": "movie" if title.media == "movie" else "show",
        "ids": {"imdb": title.imdb, "trakt": None, "tmdb": title.tmdb, "tvdb": title.tvdb, "mal": None},
        "ratings": [rating(source) for source in sources],
    }


def _omdb_detail(title: DemoTitle) -> dict[str, Any]:
    def number(rater: str, form: str) -> str:
        value = title.ratings.get(rater)
        return "N/A" if value is None else form.format(value)

    imdb, tomatoes, metascore = number("imdb", "{:.1f}"), number("tomatoes", "{:.0f}%"), number("metacritic", "{:.0f}")
    shown = (
        ("Internet Movie Database", imdb, f"{imdb}/10"),
        ("Rotten Tomatoes", tomatoes, tomatoes),
        ("Metacritic", metascore, f"{metascore}/100"),
    )
    return {
        "Title": title.title,
        "Year": title.year or "N/A",
        "imdbID": title.imdb,
        "imdbRating": imdb,
        "imdbVotes": "N/A" if imdb == "N/A" else "120,345",
        "Metascore": metascore,
        "Ratings": [{"Source": source, "Value": value} for source, known, value in shown if known != "N/A"],
        "Type": title.media,
        "Response": "True",
    }
