"""The golden fingerprints, kept in one file.

`python -m tests.golden.kept` takes all of them anew: look at the sheets before committing them, and raise `RENDERER_EPOCH`.
"""

from pathlib import Path

import numpy as np

from tests.golden.cases import CASES, Case, opened
from tests.golden.fingerprints import Fingerprint, fingerprint

FILE = Path(__file__).parent / "fingerprints.npz"


def taken(case: Case) -> Fingerprint:
    """The fingerprint of a case, now."""
    return fingerprint(opened(case.draw()), case.scale)


def save(prints: dict[str, Fingerprint]) -> None:
    """Keep fingerprints, in the order of the cases."""
    np.savez_compressed(
        FILE,
        names=np.array([*prints]),
        sizes=np.array([it.size for it in prints.values()], dtype=np.int32),
        modes=np.array([it.mode for it in prints.values()]),
        shapes=np.array([it.values.shape for it in prints.values()], dtype=np.int32),
        values=np.concatenate([it.values.ravel() for it in prints.values()]),
    )


def load() -> dict[str, Fingerprint]:
    """All that are kept, by the names of the cases."""
    with np.load(FILE) as kept:
        names, sizes, modes, shapes, values = (kept[it] for it in ("names", "sizes", "modes", "shapes", "values"))
    parts = np.split(values, np.cumsum(np.prod(shapes, axis=1))[:-1])
    return {
        str(name): Fingerprint((int(size[0]), int(size[1])), str(mode), part.reshape(shape))
        for name, size, mode, shape, part in zip(names, sizes, modes, shapes, parts, strict=True)
    }


if __name__ == "__main__":
    save({name: taken(case) for name, case in CASES.items()})
