"""The folder store: names, atomic writes, crashes, and disks that refuse."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.caching.folder import FolderStore
from openposterdb.caching.store import (
    NullStore,
    StoreSection,
    StoreUnavailable,
    UnsafeName,
    base_art_section,
    check_name,
    rendered_section,
)

NAME = "posters/tmdb/movie-278_f_pt-BR@mil.pbc.sh.li.dh.zm.jpg"
PRELUDE = """
import asyncio, os, resource, signal, sys
from pathlib import Path
from openposterdb.caching.folder import FolderStore
from openposterdb.caching.store import StoreUnavailable
root = Path(sys.argv[1])
store = FolderStore(root)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FolderStore]:
    store = FolderStore(tmp_path / "cache")
    yield store
    store.close()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach, which pytest's own is not."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def run_apart(program: str, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(program), str(root)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def unfinished(root: Path) -> list[Path]:
    return list(root.rglob(".writing-*"))


async def test_what_is_written_is_read(store):
    await store.write(NAME, b"abc")
    assert await store.read(NAME) == b"abc"
    assert (store.root / NAME).read_bytes() == b"abc"
    assert unfinished(store.root) == []


async def test_a_file_where_a_folder_should_be_and_the_reverse_are_absent(store):
    await store.write("a/b", b"file")
    assert await store.read("a/b/c") is None
    await store.delete("a/b/c", "a")
    assert await store.read("a/b") == b"file"


async def test_writers_of_one_name_leave_the_bytes_of_one(store):
    versions = [bytes([number]) * 100_000 for number in range(30)]
    await asyncio.gather(*(store.write(NAME, version) for version in versions))
    assert await store.read(NAME) in versions
    assert unfinished(store.root) == []


async def test_a_write_goes_on_when_its_caller_leaves(store):
    writing = asyncio.create_task(store.write(NAME, b"abc"))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    store.close()
    assert (store.root / NAME).read_bytes() == b"abc"


async def test_writes_that_the_disk_cannot_follow_are_refused(tmp_path):
    store = FolderStore(tmp_path, threads=1, max_writes=2)
    outcomes = await asyncio.gather(*(store.write(f"n{n}", b"x") for n in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None)] * 2 + [StoreUnavailable] * 3
    await store.write("later", b"x")
    assert await store.read("later") == b"x"
    store.close()


@pytest.mark.parametrize(
    "name",
    ["", "/etc/passwd", "..", "a/../b", "a//b", "a/", "./a", "a/.hidden", "a\0b", "a\nb", "a\\b", "x" * 256,
     "é" * 200, "/".join(["abcdefgh"] * 200), "\ud800"],
)  # fmt: skip
async def test_unsafe_names_are_refused_by_every_store(name, store):
    for each in (store, NullStore(), StoreSection(NullStore(), "r1")):
        for call in (each.read(name), each.write(name, b""), each.delete(name)):
            with pytest.raises(UnsafeName):
                await call
    assert not store.root.exists()


@given(st.text(max_size=40))
def test_a_name_that_is_accepted_stays_below_the_root(name):
    try:
        check_name(name)
    except UnsafeName:
        return
    root = Path("/cache/root")
    assert Path(os.path.normpath(root / name)).is_relative_to(root)
    assert Path(name).parts == tuple(name.split("/"))


async def test_sections_do_not_meet(store):
    await rendered_section(store, 1).write(NAME, b"one")
    await rendered_section(store, 2).write(NAME, b"two")
    await base_art_section(store).write(NAME, b"base")
    assert await rendered_section(store, 1).read(NAME) == b"one"
    await rendered_section(store, 2).delete(NAME)
    assert await rendered_section(store, 2).read(NAME) is None
    assert (store.root / "base" / NAME).read_bytes() == b"base"


async def test_nothing_keeps_nothing():
    store = NullStore()
    await store.write(NAME, b"abc")
    assert await store.read(NAME) is None


@pytest.mark.parametrize("written_before", [True, False])
@pytest.mark.parametrize(
    ("moment", "survivor"),
    [("halfway", "old"), ("sync", "old"), ("rename", "old"), ("renamed", "new")],
)
async def test_a_kill_at_any_moment_leaves_old_or_new(tmp_path, moment, survivor, written_before):
    old, new = (b"o" * 300_000 if written_before else None), b"n" * 500_000
    if old:
        (tmp_path / NAME).parent.mkdir(parents=True)
        (tmp_path / NAME).write_bytes(old)
    program = f"""
    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)
    moment = {moment!r}
    if moment == "halfway":  # the file has half of its bytes
        real_open = Path.open
        class Half:
            def __init__(self, file): self.file = file
            def __enter__(self): return self
            def __exit__(self, *_): pass
            def write(self, data):
                self.file.write(data[:1000]); self.file.flush(); die()
        Path.open = lambda self, mode: Half(real_open(self, mode))
    elif moment == "sync":
        real = os.fsync
        os.fsync = lambda handle: die() if os.path.isfile(f"/proc/self/fd/{{handle}}") else real(handle)
    elif moment == "rename":
        Path.replace = die
    else:
        real_replace = Path.replace
        Path.replace = lambda self, target: (real_replace(self, target), die())
    asyncio.run(store.write({NAME!r}, b"n" * 500_000))
    """
    assert run_apart(program, tmp_path).returncode == -signal.SIGKILL
    store = FolderStore(tmp_path)
    assert await store.read(NAME) == (new if survivor == "new" else old)
    assert len(unfinished(tmp_path)) == (0 if survivor == "new" else 1)
    await store.write(NAME, b"again")
    assert await store.read(NAME) == b"again"
    store.close()


def write_until_killed(root: Path) -> None:
    program = """
    async def write_on():
        for number in range(10_000):
            await asyncio.gather(*(store.write(f"d/{n}", bytes([number % 256]) * 200_000) for n in range(4)))
            print(number, flush=True)
    asyncio.run(write_on())
    """
    command = [sys.executable, "-c", PRELUDE + textwrap.dedent(program), str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(5):
            assert process.stdout.readline()
        process.kill()


async def test_a_writer_killed_at_random_leaves_whole_files(tmp_path):
    write_until_killed(tmp_path)
    store = FolderStore(tmp_path)
    for number in range(4):
        data = await store.read(f"d/{number}")
        assert data is not None
        assert len(data) == 200_000
        assert len(set(data)) == 1
    store.close()


async def test_old_leftovers_are_removed_and_writes_under_way_are_not(store):
    await store.write(NAME, b"abc")
    folder = (store.root / NAME).parent
    old, young = folder / ".writing-1-aa", folder / ".writing-2-bb"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    assert await store.tidy() == 1
    assert unfinished(store.root) == [young]
    assert await store.read(NAME) == b"abc"


async def test_tidying_a_folder_that_does_not_exist_is_nothing(store):
    assert await store.tidy() == 0


def test_a_read_only_folder_is_told_as_unavailable_and_still_read(open_folder):
    (open_folder / "held").write_bytes(b"abc")
    (open_folder / "held").chmod(0o644)
    program = """
    if os.getuid() == 0:
        asyncio.run(asyncio.sleep(0))  # everything is imported before the user changes
        os.setgid(65534); os.setuid(65534)
    else:
        root.chmod(0o555)
    async def try_all():
        print((await store.read("held")).decode())
        for call in (store.write("new", b"x"), store.write("a/b", b"x"), store.delete("held")):
            try:
                await call
            except StoreUnavailable as error:
                print(error)
    asyncio.run(try_all())
    """
    outcome = run_apart(program, open_folder)
    assert outcome.stderr == ""
    assert outcome.stdout.splitlines() == ["abc"] + ["image store: Permission denied"] * 3
    assert [path.name for path in open_folder.iterdir()] == ["held"]


def test_a_full_disk_is_told_as_unavailable_and_leaves_no_rest(tmp_path):
    program = """
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    async def try_all():
        await store.write("a", b"old")
        try:
            await store.write("a", b"x" * 200_000)
        except StoreUnavailable as error:
            print(error)
        print((await store.read("a")).decode())
        await store.write("b", b"small")
    asyncio.run(try_all())
    """
    outcome = run_apart(program, tmp_path)
    assert outcome.stdout.splitlines() == ["image store: File too large", "old"], outcome.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_the_error_names_no_path_of_the_machine(open_folder):
    outcome = run_apart(
        """
        (root / "file").write_bytes(b"")
        async def try_it():
            try:
                await store.write("file/below", b"x")
            except StoreUnavailable as error:
                print(error)
        asyncio.run(try_it())
        """,
        open_folder,
    )
    assert outcome.stdout.startswith("image store: ")
    assert str(open_folder) not in outcome.stdout
