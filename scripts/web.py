"""Build and check the admin web, where there is Node; where there is none, one line says what is left out.

With `CI` set nothing is left out: what is missing there is a failure.

Used by the Makefile with the system's Python, before there is an environment.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
WEB = ROOT / "admin_web"
OLDEST = (20, 19)
LEFT_OUT = {
    "build": "the admin web is not built",
    "check": "the tests of the admin web are left out",
    "browser": "the browser tests of the admin web are left out",
    "screenshots": "no pictures of the admin web are taken",
}
IN_A_BROWSER = frozenset({"browser", "screenshots"})
"""These need Chromium besides Node."""


def main(task: str) -> int:
    """Do the task; the status of the command that failed, or 0."""
    missing = what_is_missing() or (what_the_browser_lacks() if task in IN_A_BROWSER else "")
    if missing:
        print(f"{missing}: {LEFT_OUT[task]}.", file=sys.stderr)  # noqa: T201 - a line for whoever runs make
        return 1 if os.environ.get("CI", "").lower() not in ("", "0", "false") else 0
    if task == "build":
        return build()
    return install() or npm("run", "--silent", task)


def what_is_missing() -> str:
    """Why the web cannot be built here; empty if it can."""
    node, npm_path = shutil.which("node"), shutil.which("npm")
    if node is None or npm_path is None:
        return "Node is not installed"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - a command of our own
    found = re.match(r"v(\d+)\.(\d+)", version)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        return f"Node {'.'.join(map(str, OLDEST))} or later is needed, this is {version or 'unknown'}"
    return ""


def what_the_browser_lacks() -> str:
    """Why nothing can be shown in a browser here; empty if it can."""
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(chromium).is_file():
        return f"There is no Chromium at {chromium} (on Debian: apt-get install chromium; elsewhere set CHROMIUM)"
    return ""


def build() -> int:
    """Build, unless the last build was of these very files."""
    stamp, now = WEB / "dist" / ".built", digest()
    if stamp.is_file() and stamp.read_text() == now:
        return 0
    print("Building the admin web.", flush=True)  # noqa: T201
    failed = install() or npm("run", "--silent", "build")
    if not failed:
        stamp.write_text(now)
    return failed


def install() -> int:
    """What the lock file names, unless it is there already."""
    lock = (WEB / "package-lock.json").read_bytes()
    stamp = WEB / "node_modules" / ".lock-digest"
    now = hashlib.sha256(lock).hexdigest()
    if stamp.is_file() and stamp.read_text() == now:
        return 0
    failed = npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    if not failed:
        stamp.write_text(now)
    return failed


def digest() -> str:
    """Of every file that goes into a build."""
    files = [path for folder in ("src", "public", "scripts") for path in (WEB / folder).rglob("*") if path.is_file()]
    files += [
        WEB / name for name in ("index.html", "package.json", "package-lock.json", "openapi.json", "vite.config.ts")
    ]
    made = WEB / "src" / "api" / "schema.d.ts"
    sum_of_all = hashlib.sha256()
    for path in sorted(path for path in files if path != made):
        sum_of_all.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes())
    return sum_of_all.hexdigest()


def npm(*arguments: str) -> int:
    """Run npm in the folder of the web."""
    return subprocess.run(["npm", *arguments], cwd=WEB, check=False).returncode  # noqa: S603, S607 - whose npm it is, the path says


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
