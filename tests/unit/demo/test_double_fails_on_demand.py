import json
import struct

import httpx
import pytest

from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import PICTURE_FAULTS, Fault, FaultBoard, FaultKind, Service

MOVIE = "/tmdb/3/movie/9000101?api_key=demo-tmdb-key"
POSTER = "/tmdb-images/t/p/w780/macula.jpg"


async def test_a_status_with_retry_after(client, double: UpstreamDouble):
    double.add_fault(Fault(kind=FaultKind.STATUS, status=429, retry_after="3"))
    answer = await client.get(MOVIE)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")


async def test_a_fault_strikes_as_often_as_it_says(client, double: UpstreamDouble):
    double.add_fault(Fault(kind=FaultKind.STATUS, status=503, times=2))
    assert [(await client.get(MOVIE)).status_code for _ in range(3)] == [503, 503, 200]


def test_a_quota_lets_so_many_calls_through_within_a_second():
    now = 0.0
    board = FaultBoard(lambda: now)
    board.add(Fault(kind=FaultKind.QUOTA, service=Service.TMDB, calls=2))

    def refused(service=Service.TMDB):
        return board.take(service, "/3/movie/1") is not None

    assert [refused(), refused(Service.OMDB), refused(), refused()] == [False, False, False, True]
    now = 0.99
    assert refused()
    now = 1.0
    assert [refused(), refused(), refused()] == [False, False, True]
    assert board.struck == {"quota": 3}


async def test_what_is_over_a_quota_is_told_to_wait(client, double: UpstreamDouble):
    double.add_fault(Fault(kind=FaultKind.QUOTA, calls=1))
    answers = [await client.get(MOVIE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["retry-after"] == "1"
    assert (await client.get("/__double__/faults")).json() == {"quota": 1}


async def test_a_fault_strikes_its_service_and_path_only(client, double: UpstreamDouble):
    double.add_fault(Fault(kind=FaultKind.STATUS, status=404, service=Service.TMDB_IMAGES, path="*/macula.jpg"))
    assert (await client.get(POSTER)).status_code == 404
    assert (await client.get("/tmdb-images/t/p/w780/moss.jpg")).status_code == 200
    assert (await client.get(MOVIE)).status_code == 200
    double.clear_faults()
    assert (await client.get(POSTER)).status_code == 200


async def test_a_hanging_answer_never_starts(client, double: UpstreamDouble):
    double.add_fault(Fault(kind=FaultKind.HANG))
    with pytest.raises(httpx.ReadTimeout):
        await client.get(MOVIE, timeout=0.1)


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.SHORT_BODY])
async def test_a_broken_answer_is_an_error_for_the_client(client, double: UpstreamDouble, kind):
    double.add_fault(Fault(kind=kind))
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await client.get(POSTER)


@pytest.mark.parametrize("kind", [FaultKind.TRUNCATED_JSON, FaultKind.HTML, FaultKind.EMPTY])
async def test_nonsense_comes_with_status_200(client, double: UpstreamDouble, kind):
    double.add_fault(Fault(kind=kind))
    answer = await client.get(MOVIE)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_redirects_lead_elsewhere_or_round_and_round(client, double: UpstreamDouble):
    double.add_fault(Fault(kind=FaultKind.REDIRECT_ELSEWHERE, times=1, location="http://example.invalid/x.jpg"))
    assert (await client.get(POSTER)).headers["location"] == "http://example.invalid/x.jpg"
    double.add_fault(Fault(kind=FaultKind.REDIRECT_LOOP))
    with pytest.raises(httpx.TooManyRedirects):
        await client.get(POSTER, follow_redirects=True)


@pytest.mark.parametrize("kind", sorted(PICTURE_FAULTS))
async def test_a_faulty_picture_replaces_pictures_and_leaves_json_alone(client, double: UpstreamDouble, kind):
    healthy = (await client.get(POSTER)).content
    double.add_fault(Fault(kind=kind))
    spoilt = await client.get(POSTER)
    assert spoilt.status_code == 200
    assert spoilt.content != healthy
    png = spoilt.content.startswith(b"\x89PNG")
    assert spoilt.headers["content-type"] == ("image/png" if png else "image/jpeg")
    assert (await client.get(MOVIE)).json()["id"] == 9000101


async def test_the_huge_picture_claims_what_its_name_says(client, double: UpstreamDouble):
    double.add_fault(Fault(kind=FaultKind.HUGE_HEADER))
    data = (await client.get(POSTER)).content
    assert struct.pack(">HH", 65500, 65500) in data[:1024]


async def test_another_process_sets_and_clears_faults(client):
    faults = [{"kind": "status", "status": 500, "service": "tmdb", "path": "/3/movie/*", "times": 1}]
    assert (await client.put("/__double__/faults", json=faults)).status_code == 200
    assert [(await client.get(MOVIE)).status_code for _ in range(2)] == [500, 200]
    await client.put("/__double__/faults", json=[{"kind": "status"}])
    await client.delete("/__double__/faults")
    assert (await client.get(MOVIE)).status_code == 200


async def test_a_misspelt_fault_is_refused(client):
    answer = await client.put("/__double__/faults", json=[{"kind": "stauts"}])
    assert answer.status_code == 400


async def test_a_hanging_answer_does_not_hinder_the_stop():
    double = UpstreamDouble()
    await double.start()
    double.add_fault(Fault(kind=FaultKind.HANG))
    async with httpx.AsyncClient(base_url=double.base_url, trust_env=False) as http:
        with pytest.raises(httpx.ReadTimeout):
            await http.get(MOVIE, timeout=0.05)
    await double.stop()
