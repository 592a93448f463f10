"""Amounts as Kubernetes writes them."""

from decimal import Decimal
from typing import Final

_FACTORS: Final = {
    "m": Decimal("0.001"),
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate(("k", "M", "G", "T", "P", "E"), start=1)},
    **{suffix: Decimal(1024) ** power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), start=1)},
}
MEBIBYTE: Final = 1024 * 1024


def parse(quantity: str) -> Decimal:
    """The number that `quantity` stands for: bytes, cores. Its form was checked by the model."""
    digits = quantity.rstrip("EPTGMkKim")
    return Decimal(digits) * _FACTORS.get(quantity[len(digits) :], Decimal(1))
