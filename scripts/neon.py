"""Run the renderer's tests as an ARM machine does, on one or under QEMU; runs on any Python 3.6 or newer.

What is missing for that is said in one sentence. Arguments go to the tests: names to choose by.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

TARGET = "aarch64-unknown-linux-gnu"
LIBRARIES = "/usr/aarch64-linux-gnu"
# A folder of its own: builds that share one wait for each other.
ELSEWHERE = ["--profile", "emulated", "--target", TARGET, "--target-dir", "target/neon"]


def missing() -> "str | None":
    """The first thing that this machine lacks as a sentence, or None."""
    if not shutil.which("cargo") or not shutil.which("rustc"):
        return "Rust is needed to build the renderer: install it from https://rustup.rs and run this again."
    if not shutil.which("aarch64-linux-gnu-gcc") or not (Path(LIBRARIES) / "lib/ld-linux-aarch64.so.1").exists():
        packages = "gcc-aarch64-linux-gnu libc6-arm64-cross"
        return f"A linker and a C library for ARM are needed: install them (Debian: `apt-get install {packages}`)."
    if not shutil.which("qemu-aarch64"):
        return "QEMU is needed to run what is built for ARM: install it (Debian: `apt-get install qemu-user`)."
    command = ["rustc", "--print", "target-libdir", "--target", TARGET]
    folder = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout  # noqa: S603 - a command of our own
    if not any(Path(folder.decode().strip()).glob("libstd-*.rlib")):
        return f"Rust's library for ARM is needed: run `rustup target add {TARGET}` (rustup: https://rustup.rs)."
    return None


def main() -> int:
    """Run the tests; the exit status is theirs."""
    environment, elsewhere = dict(os.environ), []
    if platform.machine() not in ("aarch64", "arm64"):
        lack = missing()
        if lack:
            sys.stderr.write(lack + "\n")
            return 1
        variable = "CARGO_TARGET_" + TARGET.upper().replace("-", "_")
        environment[variable + "_LINKER"] = "aarch64-linux-gnu-gcc"
        environment[variable + "_RUNNER"] = "qemu-aarch64 -L " + LIBRARIES
        elsewhere = ELSEWHERE
    command = ["cargo", "test", "--quiet", "--locked", "--package", "openposterdb-render", "--lib", *elsewhere]
    command += ["--", *sys.argv[1:]]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - a command of our own


if __name__ == "__main__":
    sys.exit(main())
