"""`python -m openposterdb_operator.crd [FOLDER]`: print the definitions, or write one file each into FOLDER."""

import sys
from pathlib import Path

from openposterdb_operator.crd.writing import files


def main(arguments: list[str]) -> None:
    """Print or write."""
    if not arguments:
        sys.stdout.write("---\n".join(files().values()))
        return
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])
