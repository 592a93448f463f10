"""Build the wheels of the service, with the admin web in it, and of the renderer, into `dist`.

A machine that installs both needs neither Node nor Rust.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[1]
WEB: Final = ROOT / "admin_web" / "dist"
_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "*.pyc", "web")


def main() -> int:
    """The status of the builds; 1 when the web is not built."""
    if not (WEB / "index.html").is_file():
        print("The admin web is not built: a wheel without it would be half of the service.", file=sys.stderr)  # noqa: T201
        return 1
    uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "service"
        shutil.copytree(ROOT / "service", copy, ignore=_LEFT_OUT)
        shutil.copytree(WEB, copy / "src" / "openposterdb" / "web", ignore=shutil.ignore_patterns(".built"))
        return build(uv, copy) or build(uv, ROOT / "render_ext")


def build(uv: str, project: Path) -> int:
    """The wheel of a project, into `dist`; the status of the build."""
    command = [uv, "build", "--quiet", "--wheel", "--out-dir", str(ROOT / "dist"), str(project)]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - a command of our own


if __name__ == "__main__":
    sys.exit(main())
