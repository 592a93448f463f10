"""What a picture looks like, in few numbers: small enough to keep a thousand, sharp enough to miss a moved badge.

A picture is divided into cells, eight pixels wide at medium size, and of each the mean brightness, both colours and the
detail (how much neighbours differ) are taken. Of two pictures the distance of these values is judged, tile by tile. To keep
them would take megabytes, so what is kept are a few random projections of each tile: these preserve distances (Johnson and
Lindenstrauss), and a sum over hundreds of cells hardly notices how a library rounds.
"""

import hashlib
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

MAPS = ("brightness", "blue", "red", "detail")
#: Distances that pass. What another JPEG library rounds stays below; see the tests of changed pictures.
TOLERANCE = {"brightness": 12.0, "blue": 14.0, "red": 14.0, "detail": 24.0}

_CELL = 8
_TILE = 16
_PROJECTIONS = 4
#: Grounds on which transparency shows.
_DARK, _LIGHT = (24, 26, 32), (230, 228, 222)


@dataclass(frozen=True)
class Fingerprint:
    """Size and mode, which are exact, and for each tile, map and projection a number."""

    size: tuple[int, int]
    mode: str
    values: np.ndarray  # int16: rows, columns, maps, projections

    def differences(self, other: "Fingerprint") -> list[str]:
        """What differs more than it may, in words; empty for pictures that look alike."""
        if (self.size, self.mode) != (other.size, other.mode):
            return [f"{self.mode} {self.size} became {other.mode} {other.size}"]
        found = []
        for row, column, index in np.argwhere(self.distances(other) > np.array([*TOLERANCE.values()])):
            distance = self.distances(other)[row, column, index]
            found.append(f"{MAPS[index]} in row {row}, column {column} of {self.values.shape[:2]}: {distance:.0f}")
        return found

    def distances(self, other: "Fingerprint") -> np.ndarray:
        """By row, column and map."""
        difference = self.values.astype(np.float64) - other.values
        return np.sqrt((difference**2).mean(axis=-1))


def fingerprint(picture: Image.Image, scale: float = 1) -> Fingerprint:
    """Of a picture whose badges are `scale` times as large as at medium size."""
    grounds = [picture.convert("YCbCr")] if picture.mode != "RGBA" else [_on(picture, it) for it in (_DARK, _LIGHT)]
    return Fingerprint(
        picture.size, picture.mode, np.concatenate([_values(it, round(_CELL * scale)) for it in grounds])
    )


def _on(ground: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    flat = Image.new("RGBA", ground.size, (*colour, 255))
    flat.alpha_composite(ground)
    return flat.convert("RGB").convert("YCbCr")


def _values(picture: Image.Image, cell: int) -> np.ndarray:
    planes = np.asarray(picture)
    luma = planes[..., 0].astype(np.int16)
    detail = np.zeros_like(luma)
    detail[:, 1:] += np.abs(np.diff(luma, axis=1))
    detail[1:] += np.abs(np.diff(luma, axis=0))
    maps = np.stack([_means(plane, cell) for plane in (*np.moveaxis(planes, 2, 0), detail)], axis=-1)
    rows, columns = (-(-extent // _TILE) for extent in maps.shape[:2])
    values = np.zeros((rows, columns, len(MAPS), _PROJECTIONS), dtype=np.int16)
    for row in range(rows):
        for column in range(columns):
            tile = maps[row * _TILE : (row + 1) * _TILE, column * _TILE : (column + 1) * _TILE]
            signs = _signs()[: tile.shape[0], : tile.shape[1]]
            values[row, column] = np.rint(np.tensordot(tile - 128, signs, axes=((0, 1), (0, 1)))).clip(-32768, 32767)
    return values


def _means(plane: np.ndarray, cell: int) -> np.ndarray:
    """The mean of each cell; those at the right and lower edge may be smaller."""
    starts = [np.arange(0, extent, cell) for extent in plane.shape]
    sums = np.add.reduceat(np.add.reduceat(plane.astype(np.float32), starts[0], axis=0), starts[1], axis=1)
    heights, widths = (np.diff([*start, extent]) for start, extent in zip(starts, plane.shape, strict=True))
    return sums / np.outer(heights, widths)


@cache
def _signs() -> np.ndarray:
    """Plus and minus one, the same on every machine and with every version of every library."""
    count = _TILE * _TILE * _PROJECTIONS
    bits = np.unpackbits(np.frombuffer(hashlib.shake_256(b"golden").digest(count // 8), dtype=np.uint8))
    return (bits.astype(np.float64) * 2 - 1).reshape(_TILE, _TILE, _PROJECTIONS)
