"""`make sbom` lists what is in the images, nothing that only builds or tests them, and the same every time."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bills(tmp_path_factory):
    uv = shutil.which("uv") or ROOT / ".tools/bin/uv"

    def write():
        folder = tmp_path_factory.mktemp("sbom")
        command = [sys.executable, ROOT / "scripts/sbom.py", folder, uv]
        subprocess.run([str(each) for each in command], check=True, timeout=300)
        return {path.name.split(".")[0]: path.read_text() for path in folder.glob("*.cdx.json")}

    return write(), write()


def test_the_same_lock_files_give_the_same_bytes(bills):
    assert bills[0] == bills[1]


@pytest.mark.parametrize(
    ("image", "inside", "outside"),
    [
        (
            "openposterdb",
            {"pkg:pypi/granian", "pkg:cargo/turbojpeg-sys", "pkg:cargo/fast_image_resize", "pkg:npm/vue"},
            {"pkg:pypi/pytest", "pkg:pypi/kopf", "pkg:cargo/proptest", "pkg:cargo/cmake", "pkg:npm/vite"},
        ),
        ("openposterdb-operator", {"pkg:pypi/kopf", "pkg:pypi/aiohttp"}, {"pkg:pypi/granian", "pkg:npm/vue"}),
    ],
)
def test_it_holds_what_runs_and_nothing_else(bills, image, inside, outside):
    bill = json.loads(bills[0][image])
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    packages = {each["purl"].rpartition("@")[0] for each in bill["components"]}
    assert inside <= packages
    assert not outside & packages
