"""The art of the demo and the faulty pictures of the tests, read from the package."""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from importlib.resources import files
from pathlib import PurePosixPath

from openposterdb.demo.wire import Answer, Request

LAST_MODIFIED = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}


class Pictures:
    """Picture files by name, each read once."""

    def __init__(self) -> None:
        self._root = files("openposterdb.demo")
        self._read: dict[str, bytes | None] = {}

    def poster(self, slug: str, lang: str | None = None) -> Answer | None:
        """The poster in a language (`00` is textless), else the one of the title; None when it has none."""
        own = self._answer(f"art/posters/{slug}.{lang}.jpg") if lang else None
        return own or self._answer(f"art/posters/{slug}.jpg")

    def backdrop(self, slug: str) -> Answer | None:
        """The backdrop of a title."""
        return self._answer(f"art/backdrops/{slug}.jpg")

    def logo(self, slug: str) -> Answer | None:
        """The logo of a title, with alpha."""
        return self._answer(f"art/logos/{slug}.png")

    def faulty(self, name: str) -> Answer:
        """A picture that is wrong or odd in the way its name says."""
        answer = self._answer(f"faulty_art/{name}")
        if answer is None:
            raise FileNotFoundError(name)
        return answer

    def _answer(self, name: str) -> Answer | None:
        if name not in self._read:
            file = self._root.joinpath(name)
            self._read[name] = file.read_bytes() if file.is_file() else None
        body = self._read[name]
        if body is None:
            return None
        headers = {
            "last-modified": format_datetime(LAST_MODIFIED, usegmt=True),
            "etag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            "cache-control": "public, max-age=31919000",
        }
        return Answer(200, body, _TYPES[PurePosixPath(name).suffix], headers)


def revalidate(request: Request, answer: Answer) -> Answer:
    """304 when the client's copy is still good; `If-None-Match` outranks `If-Modified-Since`."""
    if (tags := request.headers.get("if-none-match")) is not None:
        fresh = answer.headers["etag"] in tags
    elif (since := request.headers.get("if-modified-since")) is not None:
        fresh = _date(since) >= LAST_MODIFIED
    else:
        fresh = False
    return Answer(304, b"", answer.content_type, answer.headers) if fresh else answer


def _date(text: str) -> datetime:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:  # an unreadable date is as good as none
        return datetime.min.replace(tzinfo=UTC)
    return date if date.tzinfo else date.replace(tzinfo=UTC)
