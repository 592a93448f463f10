"""Whatever happened to the folders, the next answer is a whole image, and the right one."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest

from openposterdb.images import RENDERER_EPOCH
from tests.e2e.processes import until
from tests.e2e.titles import POSTERS, ask_for, opened

STORED = f"r{RENDERER_EPOCH}"

AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
"""What makes root obey the modes of files, as every other user does."""


@pytest.fixture(scope="module")
def clean(shared_server, double):
    """Every poster as a server draws it that nothing ever happened to."""
    double.heal()
    answers = ask_for(shared_server, POSTERS)
    assert {answer.status_code for answer in answers} == {200}
    assert {opened(answer.content).size for answer in answers} == {(580, 859)}
    return {path: answer.content for path, answer in zip(POSTERS, answers, strict=True)}


def stored(folder: Path, section: str) -> list[Path]:
    return sorted(path for path in (folder / "cache").rglob("*") if path.is_file() and section in path.parts)


def assert_right(server, clean, paths=POSTERS):
    for path, answer in zip(paths, ask_for(server, paths), strict=True):
        assert answer.status_code == 200
        assert answer.content == clean[path]


def test_sigkill_while_posters_are_written(start, upstreams, new_folder, clean):
    folder = new_folder()
    for files_before_the_kill in (3, 17, 34):
        server = start(folder).ready()
        assert_right(server, clean, POSTERS[::7])
        asking = ThreadPoolExecutor(6)
        for path in POSTERS * 2:
            asking.submit(server.get, path)
        until(lambda n=files_before_the_kill: len(stored(folder, "posters")) >= n, "in the middle of writing")
        server.kill()
        asking.shutdown(cancel_futures=True)
    assert_right(start(folder).ready(), clean)


def truncate(path: Path, _others) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path, _others) -> None:
    path.write_bytes(b"")


def overwrite(path: Path, _others) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def flip(path: Path, _others) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def exchange(path: Path, others) -> None:
    path.write_bytes(next(others))


def remove(path: Path, _others) -> None:
    path.unlink()


def make_folder(path: Path, _others) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = (truncate, empty, overwrite, flip, exchange, remove, make_folder)


def test_damaged_files_are_noticed_and_made_again(start, upstreams, new_folder, clean):
    first = start(new_folder()).ready()
    assert_right(first, clean)
    first.terminate()
    assert first.ended() == 0
    rendered, bases = stored(first.folder, STORED), stored(first.folder, "base")
    assert len(rendered) == len(POSTERS)
    others = cycle([path.read_bytes() for path in (*rendered[::-1], *bases[::-1])])
    for path, damage in zip([*rendered, *bases], cycle(DAMAGES), strict=False):
        damage(path, others)
    second = start(first.folder).ready()
    assert_right(second, clean)
    second.terminate()
    assert second.ended() == 0
    third = start(first.folder).ready()
    assert_right(third, clean)
    folders = DAMAGES.index(make_folder), len(DAMAGES)
    assert third.decoded() <= len(rendered[folders[0] :: folders[1]]), "what was made again was kept"


@pytest.mark.skipif(bool(AS_ANYBODY) and shutil.which("setpriv") is None, reason="root needs setpriv to obey modes")
def test_a_cache_folder_that_is_read_only(start, upstreams, new_folder, clean):
    folder = new_folder()
    (folder / "cache").mkdir(mode=0o500)
    server = start(folder, prefix=AS_ANYBODY).ready()
    assert_right(server, clean)
    assert_right(server, clean)
    assert server.renders() == len(POSTERS), "the second time they come from memory"
    health = until(lambda: "degraded" in (found := server.get("/readyz")).text and found, "told")
    assert health.status_code == 200
    assert health.json()["image_store"] == "degraded: image store: Permission denied"


SMALL_FILES = ("bash", "-c", 'ulimit -f 200; exec "$@"', "bash")
"""No file may grow beyond 200 KiB: what a full disk does to large images, and not to the database."""


def test_a_disk_that_is_full(start, upstreams, new_folder):
    server = start(new_folder(), prefix=SMALL_FILES).ready()
    paths = [f"{path}?imageSize=very-large" for path in POSTERS[:4]]
    answers = ask_for(server, paths)
    assert {answer.status_code for answer in answers} == {200}
    assert {opened(answer.content).size for answer in answers} == {(2000, 2962)}
    assert [answer.content for answer in ask_for(server, paths)] == [answer.content for answer in answers]
    until(lambda: any("prepared_art_not_kept" in line for line in server.err), "logged")
    assert not [path for path in stored(server.folder, STORED) if path.stat().st_size >= 200 * 1024]
    assert not [path for path in stored(server.folder, STORED) if path.name.startswith(".")], (
        "nothing half-written stays"
    )


@pytest.mark.parametrize("what", ["nonsense", "a broken page"])
def test_a_damaged_database_stops_the_start_with_one_clear_sentence(what, start, new_folder):
    folder = new_folder()
    file = folder / "db" / "openposterdb.db"
    file.write_bytes(b"nonsense" * 4096 if what == "nonsense" else damaged(file.read_bytes()))
    server = start(folder)
    assert server.ended() == 1
    assert server.out == []
    (line,) = server.err
    assert line.startswith("The database is damaged")
    assert "DB_DIR" in line


def damaged(data: bytes) -> bytes:
    """With its header whole and its first table's page not."""
    return data[:100] + b"\xff" * 3996 + data[4096:]
