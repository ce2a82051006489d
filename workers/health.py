"""What is true of this worker right now. The probes go by it alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

DEAF_AT_MOST: Final = 60.0
"""Seconds for which a worker with a free place may hear nothing from a Redis that answers. Its
consumer asks once a second, leaves a dead connection after 11 s, and waits 5 s between tries."""

_UNHEARD: Final = 15.0


class Health:
    """A worker that can take a turn, and why not if it cannot. Times are monotonic, in seconds.

    Redis is looked at from two sides: `heard` is when it last answered Celery's consumer, be it
    with no wake, and `answers_since` is since when it has taken all that was written to it over a
    connection of ours. Redis is away if neither hears it; a worker that is alive but takes
    nothing is one whose consumer alone does not.
    """

    def __init__(self, running: Callable[[], int], *, places: int) -> None:
        """`running` returns how many turns run; there are `places` for them."""
        self.running = running
        self.places = places
        self.reasons_of_ours = {"process": "starting", "redis": "not yet"}
        self.heard = time.monotonic()
        self.full = self.heard
        self.answers_since: float | None = None

    def hear(self) -> None:
        """Note that Redis has answered the consumer."""
        self.heard = time.monotonic()

    def look(self, away: str = "") -> None:
        """Note whether Redis takes writes, with a reason if not, and whether a place is free."""
        now = time.monotonic()
        if self.running() >= self.places:
            self.full = now
        if away:
            self.reasons_of_ours["redis"] = away
            self.answers_since = None
        else:
            self.reasons_of_ours.pop("redis", None)
            self.answers_since = self.answers_since or now

    def begin(self) -> None:
        """Note that wakes are taken from now on."""
        self.reasons_of_ours.pop("process", None)

    def leave(self) -> None:
        """Note that the worker stops."""
        self.reasons_of_ours["process"] = "stopping"

    @property
    def reasons(self) -> dict[str, str]:
        """Return why it takes no turns: ready is who has no reason. Being busy is none."""
        reasons = dict(self.reasons_of_ours)
        if not reasons and self._deaf > _UNHEARD:
            reasons["consumer"] = _words(self._deaf)
        return reasons

    @property
    def ailments(self) -> dict[str, str]:
        """Return why only a new process could help; neither Redis nor a stop is among them."""
        stopping = self.reasons_of_ours.get("process") == "stopping"
        return (
            {"consumer": _words(self._deaf)} if self._deaf > DEAF_AT_MOST and not stopping else {}
        )

    @property
    def _deaf(self) -> float:
        """For how long nothing was heard that could have been."""
        if self.answers_since is None or self.running() >= self.places:
            return 0.0
        return time.monotonic() - max(self.heard, self.full, self.answers_since)


def _words(seconds: float) -> str:
    return f"has heard nothing from Redis for {seconds:.0f} s, which answers, and a place is free"
