"""Choose the renderer's JPEG library by what this machine can build; runs on any Python 3.6 or newer.

Prints the features that cargo builds the renderer with, and says on standard error what they mean. OPENPOSTERDB_CODEC
(`turbo` or `pure`) overrules what is found.
"""

import os
import platform
import shutil
import sys

CHOICES = ("turbo", "pure")


def lacking() -> "list[str]":
    """The tools for building libjpeg-turbo that are not here."""
    tools = ["cmake"]
    if platform.machine().lower() in ("x86_64", "amd64"):
        tools.append("nasm")  # elsewhere its fast paths are written in C
    return [tool for tool in tools if not shutil.which(tool)]


def chosen() -> "tuple[str, str]":
    """The library and why it is that one."""
    wanted = os.environ.get("OPENPOSTERDB_CODEC", "")
    if wanted:
        if wanted not in CHOICES:
            sys.exit(
                f"OPENPOSTERDB_CODEC is {wanted!r}: it is `turbo`, `pure`, or unset for what this machine can build."
            )
        return wanted, "as OPENPOSTERDB_CODEC says"
    lacks = lacking()
    if not lacks:
        return "turbo", "cmake and nasm are here"
    return "pure", f"install {' and '.join(lacks)} for libjpeg-turbo, which decodes faster"


def main() -> None:
    """Print the features, and say what they mean."""
    codec, reason = chosen()
    if "--quiet" not in sys.argv:
        name = {"turbo": "libjpeg-turbo, built from source", "pure": "the port of libjpeg-turbo to Rust"}[codec]
        sys.stderr.write(f"JPEG by {name} ({reason}).\n")
    sys.stdout.write("python,turbo\n" if codec == "turbo" else "python\n")


if __name__ == "__main__":
    main()
