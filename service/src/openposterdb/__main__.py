"""`python -m openposterdb`."""

from openposterdb.cli import main

main()
