"""How long to wait before the next try."""

from __future__ import annotations

import random
from typing import Final

FIRST: Final = 0.5
"""Seconds at most before the first try: at once, but not all clients at the same instant."""

_LEAST: Final = 0.1  # whatever a server asks for, it is not to be asked in a tight loop


class Backoff:
    """Doubles with every failure in a row, up to a cap; always with jitter."""

    def __init__(self) -> None:
        self._failures = 0

    def reset(self) -> None:
        self._failures = 0

    def next(self, *, cap: float, jitter: float = FIRST) -> float:
        """Return the seconds to wait now, at most `cap`; 0.1 or at most `jitter` the first time."""
        ceiling = min(cap, FIRST * 2**self._failures)
        floor = ceiling / 2
        if not self._failures:
            floor, ceiling = 0.0, max(min(ceiling, jitter), _LEAST)
        self._failures = min(self._failures + 1, 20)
        return random.uniform(floor, ceiling)  # noqa: S311 - jitter, not a secret
