"""Say in one sentence what this machine lacks for `make setup`; runs on any Python 3.6 or newer."""

import shutil
import subprocess
import sys

MIN_PYTHON = (3, 11)
MIN_RUST = (1, 88)


def missing() -> "str | None":
    """The first missing prerequisite as a sentence, or None."""
    if sys.version_info < MIN_PYTHON:
        found, needed = (".".join(map(str, version[:2])) for version in (sys.version_info, MIN_PYTHON))
        return f"Python {needed} or newer is needed, this is {found}: say which one with `make PYTHON=python3.12`."
    if not shutil.which("cargo") or not shutil.which("rustc"):
        return "Rust is needed to build the renderer: install it from https://rustup.rs and run this again."
    if _rust_version() < MIN_RUST:
        return f"Rust {'.'.join(map(str, MIN_RUST))} or newer is needed: run `rustup update stable`."
    if not any(shutil.which(linker) for linker in ("cc", "gcc", "clang")):
        return "A C linker is needed to build the renderer: install gcc (Debian: `apt-get install gcc libc6-dev`)."
    return _missing_venv()


def _rust_version() -> "tuple[int, ...]":
    answer = subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, check=False).stdout  # noqa: S607
    words = answer.decode().split()
    return tuple(int(part) for part in words[1].split("-")[0].split(".")[:2]) if len(words) > 1 else (0, 0)


def _missing_venv() -> "str | None":
    if shutil.which("uv"):
        return None
    try:
        import ensurepip
        import venv

        _ = ensurepip, venv
    except ImportError:
        return "Python's venv module is needed: install it (Debian: `apt-get install python3-venv`)."
    return None


if __name__ == "__main__":
    sys.exit(missing())
