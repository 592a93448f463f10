"""OMDb: the ratings of IMDb, Rotten Tomatoes and Metacritic for one title."""

from dataclasses import dataclass

from openposterdb.errors import UpstreamBroken, UpstreamUnavailable
from openposterdb.upstreams.calls import Caller, expect_found
from openposterdb.upstreams.failures import KeyRefused
from openposterdb.upstreams.members import Members, objects_of, parse_object, text_of
from openposterdb.upstreams.refusals import is_about_key, is_about_limit, is_about_missing
from openposterdb.upstreams.spending import split_keys
from openposterdb.upstreams.transport import Answer, Question

LIMIT_RETRY_AFTER = 60


@dataclass(frozen=True, slots=True)
class OmdbTitle:
    """OMDb's texts as they are, for instance `8.2`, `93%`, `70`; None where it has none (`N/A`)."""

    imdb: str | None = None
    rotten_tomatoes: str | None = None
    metascore: str | None = None


class Omdb:
    """The API at `base_url`, with `key`: one, or several with commas between them."""

    def __init__(self, caller: Caller, *, base_url: str, key: str) -> None:
        self._caller = caller
        self._base_url = base_url
        self._keys = split_keys(key)

    async def title(self, imdb: str) -> OmdbTitle:
        """What OMDb knows of the title; without ratings when it does not know it."""
        service = self._caller.service
        answer = await self._caller.ask(
            Question(f"{self._base_url}/", imdb, params={"i": imdb}, keys=self._keys, key_parameter="apikey")
        )
        refuse_used_up(service, answer)
        body = expect_found(service, answer)
        return OmdbTitle() if body is None else read_title(service, parse_object(service, body))


def refuse_used_up(service: str, answer: Answer) -> None:
    """Raise UpstreamUnavailable for a used-up key, which is answered with 401 like a wrong one: the text tells them apart."""
    if answer.status == 401 and is_about_limit(answer.body[:1024].decode("utf-8", "replace")):
        raise _used_up(service)


def read_title(service: str, answer: Members) -> OmdbTitle:
    """The ratings in `answer`; `Response` False is a failure unless it says that there is no such title."""
    if (text_of(answer.get("Response")) or "True").lower() != "false":
        return parse_title(answer)
    complaint = text_of(answer.get("Error")) or ""
    if is_about_limit(complaint):
        raise _used_up(service)
    if is_about_key(complaint):
        raise KeyRefused(service)
    if is_about_missing(complaint):
        return OmdbTitle()
    raise UpstreamBroken(service, "answered with an error")


def parse_title(answer: Members) -> OmdbTitle:
    """Tolerant of everything; numbers in place of texts become texts."""
    tomatoes = next(
        (entry for entry in objects_of(answer.get("Ratings")) if entry.get("Source") == "Rotten Tomatoes"), None
    )
    return OmdbTitle(
        imdb=_known(answer.get("imdbRating")),
        rotten_tomatoes=None if tomatoes is None else _known(tomatoes.get("Value")),
        metascore=_known(answer.get("Metascore")),
    )


def _known(value: object) -> str | None:
    text = text_of(value)
    return None if text is None or text.upper() == "N/A" else text


def _used_up(service: str) -> UpstreamUnavailable:
    return UpstreamUnavailable(service, "the limit of the API key is reached", retry_after=LIMIT_RETRY_AFTER)
