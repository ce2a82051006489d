"""Money is counted in whole millionths of a US dollar: sums stay exact, in Redis too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from decimal import Decimal

_MILLIONTHS: Final = 1_000_000


def millionths(dollars: float | Decimal) -> int:
    return round(dollars * _MILLIONTHS)


def dollars(price: int) -> float:
    return price / _MILLIONTHS
