"""Where something is missing, `scripts/web.py` says in one line what is left out; in CI that is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "web.py"


def run(task: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The script with nothing of ours in its environment but these variables."""
    return subprocess.run([sys.executable, SCRIPT, task], env=environment, capture_output=True, text=True, check=False)


def node_of_version(folder: Path, version: str) -> str:
    """A PATH on which Node has this version and npm fails if it is ever called."""
    for name, line in (("node", f"echo {version}"), ("npm", "exit 9")):
        command = folder / name
        command.write_text(f"#!/bin/sh\n{line}\n")
        command.chmod(0o755)
    return os.fspath(folder)


@pytest.mark.parametrize("task", ["build", "check", "browser", "screenshots"])
@pytest.mark.parametrize(("ci", "status"), [("", 0), ("false", 0), ("true", 1), ("1", 1)])
def test_without_node_one_line_says_what_is_left_out_and_ci_fails(tmp_path: Path, task: str, ci: str, status: int):
    done = run(task, PATH=os.fspath(tmp_path), CI=ci)
    assert done.returncode == status
    assert done.stderr.startswith("Node is not installed: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_an_old_node_is_named(tmp_path: Path, ci: str, status: int):
    done = run("check", PATH=node_of_version(tmp_path, "v20.18.3"), CI=ci)
    assert done.returncode == status
    assert done.stderr == "Node 20.19 or later is needed, this is v20.18.3: the tests of the admin web are left out.\n"


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_without_chromium_the_line_says_how_to_get_it(tmp_path: Path, ci: str, status: int):
    path = node_of_version(tmp_path, "v22.1.0")
    done = run("browser", PATH=path, CI=ci, CHROMIUM=os.fspath(tmp_path / "chromium"))
    assert done.returncode == status
    assert "There is no Chromium at" in done.stderr
    assert done.stderr.endswith(": the browser tests of the admin web are left out.\n")
