import inspect

import pytest
from robyn.exceptions import HTTPException

from openposterdb import errors
from openposterdb.http.errors import Rejected, respond, status_of

EXAMPLES = {
    400: errors.Invalid("lang"),
    401: errors.Unauthorized(),
    404: errors.NotFound("no logo available"),
    501: errors.NotConfigured("FANART_API_KEY not configured"),
    502: errors.UpstreamBroken("tmdb", "refused"),
    503: errors.UpstreamUnavailable("tmdb", "circuit open", retry_after=4.2),
    504: errors.UpstreamTimedOut("omdb", "no answer"),
}


@pytest.mark.parametrize(("status", "error"), EXAMPLES.items())
def test_the_body_is_the_message_and_nothing_else(status, error):
    answer = respond(error)
    assert (answer.status_code, answer.headers.get("content-type")) == (status, "application/json")
    assert answer.description == f'{{"error":"{error}"}}'.encode()
    assert not answer.headers.contains("cache-control")


def test_every_error_of_the_vocabulary_is_in_the_table():
    abstract = {errors.OpenPosterDBError, errors.Retryable, errors.UpstreamError}
    for _, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.OpenPosterDBError) and kind not in abstract:
            assert status_of(kind.__new__(kind)) != 500, kind


def test_passing_refusals_say_when_to_come_back():
    assert respond(EXAMPLES[503]).headers.get("retry-after") == "5"
    assert respond(errors.Overloaded("queue", retry_after=0)).headers.get("retry-after") == "1"
    limited = respond(errors.TooManyRequests("slow down", retry_after=7))
    assert (limited.status_code, limited.headers.get("content-type")) == (429, "text/plain; charset=utf-8")
    assert (limited.headers.get("retry-after"), limited.headers.get("x-ratelimit-after")) == ("7", "7")


@pytest.mark.parametrize("error", [RuntimeError("key t3-secret"), KeyError("x"), TimeoutError()])
def test_surprises_show_nothing(error):
    answer = respond(error)
    assert (answer.status_code, answer.description) == (500, b'{"error":"Internal server error"}')


def test_rejections_are_plain_text_and_robyns_own_keep_their_status():
    answer = respond(Rejected(422, "a member is missing"))
    assert (answer.status_code, answer.headers.get("content-type")) == (422, "text/plain; charset=utf-8")
    assert respond(HTTPException(418, "teapot")).status_code == 418
