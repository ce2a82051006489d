"""What a model's answer took."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that one model read and wrote, and their price in millionths of a US dollar.

    The price is 0 where none is known.
    """

    model: str
    read: int = 0
    wrote: int = 0
    price: int = 0

    @property
    def tokens(self) -> int:
        return self.read + self.wrote
