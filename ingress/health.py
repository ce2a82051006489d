"""What is true of every side right now. Probes, metrics and systemd go by it alone."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

STILL_AT_MOST: Final = 180.0
"""Seconds without a sign of the connection's keeper; it pauses for a minute at most."""


@dataclass(slots=True)
class Side:
    """Something the ingress depends on. `reason` says why it is not ready; empty means it is."""

    reason: str

    @property
    def ready(self) -> bool:
        return not self.reason

    def up(self) -> None:
        self.reason = ""

    def down(self, reason: str) -> None:
        self.reason = reason


@dataclass(slots=True)
class Health:
    """The sides, and when the socket was last heard. Times are monotonic, in seconds.

    `stirred` is when whoever keeps the connection last did something about it.
    """

    sides: dict[str, Side] = field(default_factory=dict)
    last_frame: float | None = None
    last_pong: float | None = None
    stirred: float | None = None

    def side(self, name: str) -> Side:
        """Return a side, which is not ready until it says so."""
        return self.sides.setdefault(name, Side("not yet"))

    def ready(self, name: str) -> bool:
        """Tell whether a side is ready; one that nobody has named is not."""
        return name in self.sides and self.sides[name].ready

    @property
    def reasons(self) -> dict[str, str]:
        """Return what stands in the way of readiness, by side."""
        return {name: side.reason for name, side in self.sides.items() if side.reason}

    @property
    def ailments(self) -> dict[str, str]:
        """Return why only a new process could help; waiting for a far side is not among them."""
        still = 0.0 if self.stirred is None else time.monotonic() - self.stirred
        if still > STILL_AT_MOST:
            return {"socket": f"nobody has looked after it for {still:.0f} s"}
        return {}

    def stir(self) -> None:
        self.stirred = time.monotonic()

    def heard(self, *, pong: bool) -> None:
        self.last_frame = time.monotonic()
        if pong:
            self.last_pong = self.last_frame


def age(moment: float | None) -> float:
    """Return the seconds since a monotonic moment, NaN if there was none."""
    return float("nan") if moment is None else time.monotonic() - moment
