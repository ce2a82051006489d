"""What is true of this beat right now. The probes go by it alone."""

from __future__ import annotations

import time
from typing import Final

from prometheus_client import CollectorRegistry

from shared.telemetry import of_beat as declared
from shared.telemetry.of_ingress import REDIS_UP

STILL_AT_MOST: Final = 60.0
"""Seconds without a look at what is due, though it looks every second or two."""


class Pulse:
    """Notes every look. `beats` is whether this beat is the one that files what is due."""

    def __init__(self) -> None:
        self.beats = False
        self.away = "not yet"
        self._looked: float | None = None

    def looked(self, *, beats: bool, away: str = "") -> None:
        """Note a look, and with a reason if Redis could not be asked."""
        self._looked = time.monotonic()
        self.beats, self.away = beats, away

    @property
    def reasons(self) -> dict[str, str]:
        """Return why nothing that is due here would be filed. To stand by is no reason."""
        return {"redis": self.away} if self.away else self.ailments

    @property
    def ailments(self) -> dict[str, str]:
        """Return why only a new process could help; that Redis was never there is no reason."""
        still = 0.0 if self._looked is None else time.monotonic() - self._looked
        return (
            {"beat": f"has not looked at what is due for {still:.0f} s"}
            if still > STILL_AT_MOST
            else {}
        )

    def metrics(self) -> CollectorRegistry:
        """Return gauges that say what is known whenever they are asked."""
        registry = CollectorRegistry()
        declared.BEATS.watch(registry, lambda: self.beats)
        REDIS_UP.watch(registry, lambda: not self.away)
        return registry
