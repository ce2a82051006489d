"""How much of the past a model is shown. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDE: Final = re.compile(r"[\u2e80-\uffff]")
_NARROW_IN_A_TOKEN: Final = 4


def tokens_in(text: str) -> int:
    """Estimate tokens: one for a Chinese character, one for four letters of another script.

    No model counts so, but none is far off; to count as one does takes its own vocabulary.
    """
    wide = len(_WIDE.findall(text))
    return wide + (len(text) - wide) // _NARROW_IN_A_TOKEN


def fitting(history: Sequence[bytes], tokens: int) -> list[bytes]:
    """Return the newest exchanges that have so many tokens in all, oldest first."""
    kept: list[bytes] = []
    for exchange in reversed(history):
        tokens -= tokens_in(exchange.decode(errors="replace"))
        if tokens < 0:
            break
        kept.append(exchange)
    return kept[::-1]
