"""What happens too often for a counter's lock is a plain number, and nobody who reads the counter can tell."""

from prometheus_client import generate_latest

from openposterdb.telemetry import Metrics
from openposterdb.telemetry.metrics import totals

SCRAPED = 'openposterdb_http_requests_total{method="GET",route="hot",status="200"}'


def tallied():
    metrics, hits = Metrics(version="1", renderer="1"), [0]
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
