"""Pictures that are unusual but whole: CMYK, progressive, 16 bits deep, with transparency."""

import pytest

from openposterdb.demo.faults import Service
from tests.http.faults.expectations import ODD_PICTURES
from tests.http.faults.pictures import opened, size_of
from tests.http.faults.requests import REQUESTS, ask_all

MODES = {"poster": "RGB", "Fanart poster": "RGB", "logo": "RGBA", "backdrop": "RGB"}


@pytest.mark.parametrize("fault", ODD_PICTURES)
async def test_an_odd_picture_becomes_a_poster_like_any_other(fault, service, start, double, clean):
    for upstream in (Service.TMDB_IMAGES, Service.FANART_IMAGES):
        double.add_fault(ODD_PICTURES[fault].model_copy(update={"service": upstream}))
    answers = await ask_all(service, REQUESTS)
    for request, answer in answers.items():
        assert answer.status == 200, answer.body[:200]
        assert answer.header("cache-control").startswith("public, max-age=3600")
        picture = opened(answer.body)
        assert picture.mode == MODES[request]
        if request == "logo":  # it keeps the shape of its art, which is the odd picture's here
            assert picture.width == opened(clean.bodies[request]).width
        else:
            assert picture.size == size_of(clean.bodies[request])
        assert len(picture.convert("L").resize((8, 8)).getcolors()) > 1, "not one flat colour"
    await service.settle()
    again = await ask_all(await start(), REQUESTS)
    assert {name: answer.body for name, answer in again.items()} == {n: a.body for n, a in answers.items()}
