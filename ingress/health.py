"""What is true of the socket and of Redis right now. Probes and metrics go by it alone."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Health:
    """Each reason says why a side is not ready; empty means it is. Times are monotonic."""

    socket: str = "not connected yet"
    store: str = "not reached yet"
    last_frame: float | None = None
    last_pong: float | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def reasons(self) -> dict[str, str]:
        """Return what stands in the way of readiness, by side."""
        sides = {"socket": self.socket, "redis": self.store}
        return {side: reason for side, reason in sides.items() if reason}

    def connected(self) -> None:
        self.socket = ""
        self.last_frame = self.last_pong = time.monotonic()

    def heard(self, *, pong: bool) -> None:
        self.last_frame = time.monotonic()
        if pong:
            self.last_pong = self.last_frame


def age(moment: float | None) -> float:
    """Return the seconds since a monotonic moment, NaN if there was none."""
    return float("nan") if moment is None else time.monotonic() - moment
