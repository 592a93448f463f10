"""`warm`: makes what is not there, within the budget, and goes on where it stopped."""

import os
import re
import signal
import sqlite3
import subprocess
import sys

import httpx
import pytest

from openposterdb.demo.catalogue import load_catalogue

IDS = [f"imdb/{title.imdb}" for title in load_catalogue().titles() if title.imdb][:12]
UNRELEASED = f"tmdb/movie-{load_catalogue().by_slug('winter-twice').tmdb}"


@pytest.fixture
def control(double):
    """The double of this test, healthy and with nothing counted."""
    url = double["TMDB_API_BASE_URL"].removesuffix("/tmdb/3") + "/__double__"

    def ask(method, path, **options):
        return httpx.request(method, f"{url}/{path}", trust_env=False, **options).raise_for_status().json()

    ask("DELETE", "calls")
    yield ask
    ask("DELETE", "faults")


@pytest.fixture
def warm(run, variables, double, control):
    """Runs the command on a list; gives its status, the counts of its report, and all that it said."""

    def command(ids, *options, **changes):
        variables(**{**double, **changes})
        result = run("warm", "-", *options, piped="\n".join(ids))
        return result.exit_code, counts(result.stdout), result

    return command


def counts(report):
    return {name: int(number) for name, number in re.findall(r"^([a-z ]+?) +(\d+)\b", report, re.MULTILINE)}


def test_a_second_run_has_nothing_to_do_and_asks_nobody(warm, control):
    ids = IDS[:3]
    assert warm(ids)[:2] == (0, {"made": 3, "renewed": 0, "there already": 0, "not found": 0, "failed": 0})
    control("DELETE", "calls")
    assert warm(ids)[:2] == (0, {"made": 0, "renewed": 0, "there already": 3, "not found": 0, "failed": 0})
    assert control("GET", "calls") == {}


def test_a_longer_list_costs_what_is_new(warm):
    warm(IDS[:2])
    _, report, _ = warm(IDS[:3])
    assert (report["made"], report["there already"]) == (1, 2)


def test_what_went_stale_is_seen_to_again(warm, control, tmp_path):
    ids = [IDS[0], UNRELEASED]
    warm(ids)
    with sqlite3.connect(tmp_path / "db" / "openposterdb.db") as connection:
        connection.execute("UPDATE image_meta SET updated_at = 1000")
        connection.execute("UPDATE available_ratings SET updated_at = 1000, badge_values_at = 1000")
        connection.execute("UPDATE prepared_art SET chosen_at = 1000")
    control("DELETE", "calls")
    code, report, _ = warm(ids)
    assert (code, report["renewed"] + report["made"], report["there already"]) == (0, 1, 1)
    assert control("GET", "calls") != {}
    control("DELETE", "calls")
    assert warm(ids)[1]["there already"] == 2
    assert control("GET", "calls") == {}


def test_within_the_budget_the_upstream_never_has_to_refuse(warm, control):
    control("PUT", "faults", json=[{"kind": "quota", "service": "tmdb", "calls": 20}])
    code, report, _ = warm(IDS, "--concurrency", "12", TMDB_QUOTA="12/s")
    assert (code, report["made"]) == (0, len(IDS))
    assert sum(number for call, number in control("GET", "calls").items() if call.startswith("GET /tmdb/")) > 20
    assert control("GET", "faults") == {}


def test_kinds_and_sizes_are_made_for_each_title(warm):
    both = ("--kind", "poster", "--kind", "backdrop", "--size", "medium", "--size", "large")
    assert warm(IDS[:1], *both)[1]["made"] == 4
    assert warm(IDS[:1], "--kind", "backdrop", "--size", "small", "--size", "large")[1]["made"] == 1


def test_what_is_wrong_is_named_and_the_others_go_on(warm, control):
    control("PUT", "faults", json=[{"kind": "html", "service": "tmdb", "path": f"/3/find/{IDS[1][5:]}"}])
    code, report, result = warm([IDS[0], "278", "# mine", IDS[1], "imdb/tt99999999"])
    assert code == 1
    assert report == {"made": 1, "renewed": 0, "there already": 0, "not found": 1, "failed": 1, "bad lines": 1}
    assert "Line 2: say whose id it is" in result.stderr
    assert "(imdb/tt99999999)" in result.stdout
    assert re.search(rf"^  tmdb: .+: 1  \({IDS[1]}\)$", result.stdout, re.MULTILINE)
    control("DELETE", "faults")
    assert warm(IDS[:2])[1]["made"] == 1


def test_an_image_that_lacks_something_is_not_taken_for_made(warm, control):
    control("PUT", "faults", json=[{"kind": "html", "service": "mdblist"}, {"kind": "html", "service": "omdb"}])
    code, report, result = warm(IDS[:1])
    assert (code, report["made"], report["failed"]) == (1, 0, 1)
    assert "made while a service failed, so not kept: 1" in result.stdout


def test_a_title_that_does_not_exist_is_no_failure(warm):
    assert warm(["imdb/tt99999999"])[0] == 0


def test_the_settings_of_a_key_are_those_of_its_images(warm, run):
    run("keys", "create", "phone")
    assert warm(IDS[:1], "--key-settings", "1")[:1] == (0,)
    code, _, result = warm(IDS[:1], "--key-settings", "2")
    assert code == 2
    assert "There is no such key" in result.stderr


@pytest.mark.parametrize(
    ("options", "changes", "problem"),
    [
        (("--kind", "logo"), {"FANART_API_KEY": ""}, "need FANART_API_KEY"),
        (("--size", "small"), {}, "Only backdrops are drawn small"),
        ((), {"EXTERNAL_CACHE_ONLY": "true", "ENABLE_CDN_REDIRECTS": "true"}, "EXTERNAL_CACHE_ONLY is set"),
        (("--kind", "hologram"), {}, "hologram"),
        (("--concurrency", "0"), {}, "concurrency"),
    ],
    ids=["no Fanart", "small poster", "kept nowhere", "unknown kind", "nobody works"],
)
def test_what_cannot_be_made_or_kept_is_refused_before_the_start(options, changes, problem, warm, control):
    code, report, result = warm(IDS[:1], *options, **changes)
    assert (code, report) == (2, {})
    assert problem in result.stderr
    assert control("GET", "calls") == {}


def test_a_list_that_is_not_there_is_one_message(run, tmp_path):
    result = run("warm", str(tmp_path / "ids.txt"))
    assert result.exit_code == 2
    assert "ids.txt" in result.stderr


def test_an_interrupt_ends_it_with_the_report(variables, double, control, tmp_path):
    """Both wait for an answer that never comes."""
    control("PUT", "faults", json=[{"kind": "hang", "service": "tmdb", "path": "/3/find/*"}])
    variables(**double)
    (tmp_path / "ids.txt").write_text(f"{IDS[0]}\n{IDS[1]}\n")
    with subprocess.Popen(
        [sys.executable, "-m", "openposterdb", "warm", "ids.txt"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    ) as process:
        assert "2 images" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert output.startswith("Interrupted: 0 of 2 images seen to.\n")
    assert "Traceback" not in errors
