"""Real connections to a real process: what they ask for at once is made once."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.e2e.conftest import KEY

PATH = f"/{KEY}/imdb/poster-default/tt99000102.jpg"


def test_a_hundred_connections_make_one_render_and_one_call_per_resource_and_a_restart_none(start, upstreams):
    first = start().ready()
    with ThreadPoolExecutor(100) as threads:
        answers = list(
            threads.map(lambda n: httpx.get(f"{first.url}{PATH}?n={n}", timeout=30, trust_env=False), range(100))
        )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert first.renders() == 1
    assert set(upstreams.calls().values()) == {1}
    first.terminate()
    assert first.ended() == 0

    upstreams.forget_calls()
    second = start(first.folder).ready()
    again = second.get(PATH)
    assert (again.status_code, again.content, again.headers["etag"]) == (
        200,
        answers[0].content,
        answers[0].headers["etag"],
    )
    assert second.decoded() == 0
    assert upstreams.calls() == {}
