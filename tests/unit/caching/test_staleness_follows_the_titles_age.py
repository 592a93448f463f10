from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.caching.staleness import cdn_max_age, is_stale, jittered, stale_after

DAY = 86_400
YEAR = 31_536_000
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
NOW = MIDNIGHT.timestamp()

limits = st.tuples(st.integers(0, 2 * YEAR), st.integers(0, 2 * YEAR)).map(sorted)
dates = st.dates(max_value=MIDNIGHT.date()).map(str)


def days_ago(days: int) -> str:
    return str((MIDNIGHT - timedelta(days=days)).date())


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, 86_400),
        (1, 172_563),
        (7, 689_543),
        (30, 2_671_298),
        (90, 7_841_095),
        (180, 15_595_791),
        (364, 31_449_836),
        (365, 0),
        (366, 0),
        (-1, 86_400),
        (-400, 86_400),
    ],
)
def test_the_table_of_control_values(days, expected):
    assert stale_after(days_ago(days), DAY, YEAR, NOW) == expected


@pytest.mark.parametrize(
    "date",
    [None, "", "2026", "2026-1-1", "2026-02-30", "2023-02-29", "20260101", "2026-W01-1", "0000-01-01", "2026-01-01T00:00",
     " 2026-01-01", "2026-01-01\n", "\u0662\u0660\u0662\u0660-\u0660\u0661-\u0660\u0661", "2026-00-10", "2026-13-10"],
)  # fmt: skip
def test_what_is_no_date_counts_as_new(date):
    assert stale_after(date, DAY, YEAR, NOW) == DAY


@pytest.mark.parametrize("date", ["1922-03-04", "1969-12-31", "1970-01-01", "0001-01-01", "2000-02-29"])
def test_old_films_are_old(date):
    assert stale_after(date, DAY, YEAR, NOW) == 0


def test_the_time_of_day_counts():
    assert stale_after(days_ago(0), DAY, YEAR, NOW + 3600) == DAY + 3600 * (YEAR - DAY) // YEAR


@given(dates, limits)
def test_it_lies_between_the_limits_or_never_comes(date, pair):
    low, high = pair
    found = stale_after(date, low, high, NOW)
    assert found == 0 or low <= found <= high


@given(st.integers(0, 363), limits)
def test_an_older_title_stays_good_longer(days, pair):
    low, high = pair
    younger, older = (stale_after(days_ago(number), low, high, NOW) for number in (days, days + 1))
    assert older == 0 or older >= younger


def test_what_never_goes_stale_is_kept_for_a_year_in_front():
    assert cdn_max_age("2001-01-01", DAY, YEAR, NOW) == YEAR
    assert cdn_max_age(None, DAY, YEAR, NOW) == DAY
    assert cdn_max_age(days_ago(7), DAY, YEAR, NOW) == 689_543


@pytest.mark.parametrize(
    ("age", "limit", "expected"),
    [(DAY, DAY, False), (DAY + 0.9, DAY, False), (DAY + 1, DAY, True), (10 * YEAR, 0, False), (-5, DAY, False)],
)
def test_stale_is_older_than_the_limit_in_whole_seconds(age, limit, expected):
    assert is_stale(NOW - age, limit, NOW) is expected


@given(st.integers(1, 2 * YEAR), st.text())
def test_jitter_stays_within_a_tenth_and_never_says_never(limit, key):
    moved = jittered(limit, key)
    assert moved > 0
    assert abs(moved - limit) <= limit * 0.1 + 1
    assert moved == jittered(limit, key)


def test_jitter_spreads_what_was_made_together():
    assert len({jittered(DAY, f"tmdb/movie-{number}") for number in range(1000)}) > 900


def test_never_stays_never():
    assert jittered(0, "a") == 0
