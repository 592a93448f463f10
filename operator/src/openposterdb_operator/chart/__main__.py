"""`python -m openposterdb_operator.chart FOLDER`: write the generated files of the charts into FOLDER."""

import sys
from pathlib import Path

from openposterdb_operator.chart.files import files
from openposterdb_operator.chart.readme import readmes


def main(folder: Path) -> None:
    """Write."""
    for name, text in {**files(), **readmes(folder)}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
