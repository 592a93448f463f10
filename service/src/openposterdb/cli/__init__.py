"""The command line: `serve`, `run`, `demo`, `migrate`, `keys`, `doctor`."""

from openposterdb.cli.app import main

__all__ = ["main"]
