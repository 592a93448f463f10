"""The Robyn application and its adapter onto Granian."""

from openposterdb.http import (
    robyn_import as robyn_import,
)  # first of all: see there what importing robyn does to a process
