"""Each upstream fails in each way: the documented answers, nothing wrong kept, and the right ones as soon as it is well."""

import time

import pytest

from openposterdb.demo.answers import KEYS
from tests.http.faults.expectations import CASES, DEGRADED, EFFECTS, FAILS, FAULTS, SUBSTITUTE, WHOLE, status_of
from tests.http.faults.kept import kept, names
from tests.http.faults.pictures import size_of
from tests.http.faults.requests import BYSTANDER, REQUESTS, ask_all, with_fallback
from tests.http.images.conftest import KEY

DEADLINE = 4.0  # what degrades takes a third of it: a machine that stands still for two seconds does not matter
FRESH = "public, max-age=3600, stale-while-revalidate=86400"
REMEMBERED = {FAILS: 2.1, SUBSTITUTE: 60.1, DEGRADED: 60.1, WHOLE: 0.0}
ASKED_FOR = {"429": 7.1}  # seconds for which the service has said that it wants to be left alone


def check_answer(request, answer, effect, fault, clean):
    assert answer.status == status_of(effect, fault), answer.body[:200]
    if effect == FAILS:
        assert answer.header("content-type") == "application/json"
        assert answer.header("retry-after") == ("7" if fault == "429" else None)
        assert not any(secret.encode() in answer.body for secret in (KEY, "127.0.0", "http", *KEYS.values()))
    elif effect == WHOLE:
        assert answer.body == clean.bodies[request]
        assert answer.header("cache-control") == FRESH
    else:
        assert answer.header("cache-control") == "public, max-age=60"
        assert size_of(answer.body) == size_of(clean.bodies[request])
        if effect == SUBSTITUTE:
            assert answer.body == clean.bodies["poster"]


def check_with_fallback(request, answer, plain, fault, clean):
    assert answer.status == 200
    if plain.status == 200:
        assert answer.body == plain.body
        return
    assert answer.body == clean.placeholders[request]
    assert answer.header("cache-control") == ("public, max-age=300" if fault == "404" else "public, max-age=60")


@pytest.mark.parametrize(("upstream", "fault"), CASES, ids=[f"{upstream}-{fault}" for upstream, fault in CASES])
async def test_a_failing_upstream(upstream, fault, start, double, clock, clean):
    service = await start(**({"REQUEST_DEADLINE_SECS": str(DEADLINE)} if fault == "hang" else {}))
    assert (await service.get(BYSTANDER)).body == clean.bystander
    double.add_fault(FAULTS[fault].model_copy(update={"service": upstream}))

    began = time.monotonic()
    plain = await ask_all(service, REQUESTS)
    if fault == "hang":
        assert time.monotonic() - began < DEADLINE
    fallback = await ask_all(service, {name: with_fallback(path) for name, path in REQUESTS.items()})
    for request, effect in EFFECTS[upstream].items():
        check_answer(request, plain[request], effect, fault, clean)
        check_with_fallback(request, fallback[request], plain[request], fault, clean)
    assert (await service.get(BYSTANDER)).body == clean.bystander, "goes on serving"
    await service.settle()
    assert names(kept(service.environment) - clean.kept) == []

    double.clear_faults()
    remembered = max(REMEMBERED[effect] for effect in EFFECTS[upstream].values())
    clock.tick(max(remembered, ASKED_FOR.get(fault, 0.0)))
    for request, answer in (await ask_all(service, REQUESTS)).items():
        assert (answer.status, answer.header("cache-control")) == (200, FRESH), request
        assert answer.body == clean.bodies[request], request
    await service.settle()
    assert names(kept(service.environment) ^ clean.kept) == []
