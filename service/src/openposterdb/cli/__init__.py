"""The command line: `serve`, `run`, `demo`, `migrate`, `keys`, `import`, `warm`, `doctor`."""

from openposterdb.cli.app import main

__all__ = ["main"]
