"""Downloading pictures: from allowed hosts only, bounded in bytes, conditional where we hold an older copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from openposterdb.errors import BadArt, NotFound, UpstreamBroken
from openposterdb.upstreams.calls import Caller, expect_found
from openposterdb.upstreams.failures import AnswerTooLarge
from openposterdb.upstreams.hosts import AllowedHosts
from openposterdb.upstreams.transport import Question

MAX_BYTES: Final = 30 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server said of the copy that we hold, as it is sent back in a conditional request."""

    last_modified: str | None = None
    etag: str | None = None

    def headers(self) -> Mapping[str, str]:
        """The conditions; both may stand, the entity tag then decides."""
        conditions = {"If-Modified-Since": self.last_modified, "If-None-Match": self.etag}
        return {name: value for name, value in conditions.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Download:
    """A downloaded picture, not yet looked at."""

    data: bytes
    validators: Validators


class PictureSource:
    """The pictures of one service."""

    def __init__(self, caller: Caller, *, base_urls: tuple[str, ...], max_bytes: int = MAX_BYTES) -> None:
        self._caller = caller
        self._hosts = AllowedHosts(base_urls)
        self._max_bytes = max_bytes

    async def download(self, url: str, held: Validators | None = None) -> Download | None:
        """The picture, or None when the copy described by `held` is still good.

        Raises NotFound, BadArt (empty or more than 30 MiB) or an UpstreamError.
        """
        service = self._caller.service
        if not self._hosts.allow(url):
            raise UpstreamBroken(service, "named a picture on a host that is not allowed")
        question = Question(
            url,
            resource=url.partition("?")[0],
            headers={"Accept": "image/*", "Accept-Encoding": "identity", **(held.headers() if held else {})},
            max_bytes=self._max_bytes,
            may_follow=self._hosts.allow,
        )
        try:
            answer = await self._caller.ask(question)
        except AnswerTooLarge:
            raise BadArt(f"{service}: the picture is larger than {self._max_bytes} bytes") from None
        if answer.status == 304 and held is not None and held.headers():
            return None
        data = expect_found(service, answer)
        if data is None:
            raise NotFound(f"{service}: the picture is gone")
        if not data:
            raise BadArt(f"{service}: the picture is empty")
        return Download(data, Validators(_header(answer.headers, "last-modified"), _header(answer.headers, "etag")))


def _header(headers: Mapping[str, str], name: str) -> str | None:
    value = headers.get(name)
    return value if value and len(value) <= 256 and value.isascii() and value.isprintable() else None
