"""What happens too often for a counter's lock is a plain number, and nobody who reads the counter can tell."""

import asyncio

from prometheus_client import generate_latest

from openposterdb.telemetry import Metrics
from openposterdb.telemetry.metrics import totals
from tests.manual_clock import ManualClock

SCRAPED = 'openposterdb_http_requests_total{method="GET",route="hot",status="200"}'


def tallied(**options):
    metrics, hits = Metrics(version="1", renderer="1", **options), [0]
    metrics.tally(metrics.http_requests.labels("GET", "hot", "200"), lambda: hits[0])
    return metrics, hits


def test_every_scrape_shows_the_number_of_that_moment():
    metrics, hits = tallied()
    for now in (0, 3, 3, 1000):
        hits[0] = now
        assert f"{SCRAPED} {float(now)}" in generate_latest(metrics.registry).decode()


def test_settled_totals_count_nothing_twice():
    metrics, hits = tallied()
    for step in range(5):
        hits[0] += step
        metrics.settle()
        metrics.settle()
    assert totals(metrics.http_requests, "route") == {("hot",): 10}


async def test_where_others_read_the_values_they_are_brought_up_to_date_every_second_and_at_the_end():
    metrics, hits = tallied(shared=True)
    clock = ManualClock()
    watching = asyncio.ensure_future(metrics.watch(clock))
    for second in range(1, 4):
        await asyncio.sleep(0)
        hits[0] = 7 * second
        await clock.advance(1.0)
        assert totals(metrics.http_requests, "route") == {("hot",): 7 * second}
    hits[0] = 22
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert totals(metrics.http_requests, "route") == {("hot",): 22}
