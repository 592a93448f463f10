"""Say in one sentence what this machine lacks for `make setup`; runs on any Python 3."""

import shutil
import subprocess
import sys

MIN_PYTHON = (3, 11)
MIN_RUST = (1, 88)


def missing():
    """The first missing prerequisite as a sentence, or None."""
    if sys.version_info < MIN_PYTHON:
        return "Python %d.%d or newer is needed, this is %d.%d: install it, or say which one with `make PYTHON=python3.12 …`." % (
            *MIN_PYTHON,
            *sys.version_info[:2],
        )
    if not shutil.which("cargo"):
        return "Rust is needed to build the renderer: install it from https://rustup.rs and run this again."
    version = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=False).stdout.split()
    if len(version) < 2 or tuple(int(part) for part in version[1].split("-")[0].split(".")[:2]) < MIN_RUST:
        return "Rust %d.%d or newer is needed: run `rustup update stable`." % MIN_RUST
    if not (shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")):
        return "A C linker is needed to build the renderer: install gcc (Debian: `apt-get install gcc libc6-dev`)."
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        if not shutil.which("uv"):
            return "Python's venv module is needed: install it (Debian: `apt-get install python3-venv`)."
    return None


if __name__ == "__main__":
    sentence = missing()
    if sentence:
        sys.exit(sentence)
