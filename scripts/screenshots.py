"""Pack the pictures that a browser took of the admin web: `docs/screenshots/*.png` become WebP, and their sum is told."""

import sys
from pathlib import Path
from typing import Final

from PIL import Image

FOLDER: Final = Path(__file__).parents[1] / "docs" / "screenshots"
MOST: Final = 6_000_000
_WIDEST: Final = 1440


def main() -> int:
    """0, or 1 when there are no pictures or when they are too large."""
    taken = sorted(FOLDER.glob("*.png"))
    if taken:
        for old in FOLDER.glob("*.webp"):
            old.unlink()
    for path in taken:
        with Image.open(path) as picture:
            picture.thumbnail((_WIDEST, picture.height))
            picture.convert("RGB").save(path.with_suffix(".webp"), quality=80, method=6)
        path.unlink()
    sizes = [path.stat().st_size for path in FOLDER.glob("*.webp")]
    print(f"{len(sizes)} pictures in docs/screenshots, {sum(sizes) / 1e6:.1f} MB.")  # noqa: T201 - for whoever runs make
    return 0 if sizes and sum(sizes) <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
