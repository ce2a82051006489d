"""Turns and answers in numbers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from shared.model.queue import QUEUES
from shared.telemetry.of_worker import (
    ANSWERED,
    DEFERRALS,
    FIRST_SHOWN,
    GIVEN_UP,
    SWEPT,
    TURNS,
    WAITED,
)

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

SWEPT_WHY: Final = ("rescued", "due", "lost")


class TurnMetrics:
    """Counts how turns end, and takes the time that their users wait.

    Moments are Unix seconds: the ingress had the whole frame on another machine.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        """Without a registry nobody sees the numbers."""
        self._turns = TURNS.on(registry)
        self._waited = WAITED.on(registry)
        self._shown = FIRST_SHOWN.on(registry)
        self._answered = ANSWERED.on(registry)
        self._deferrals = DEFERRALS.on(registry)
        self._given_up = GIVEN_UP.on(registry)
        self._swept = SWEPT.on(registry)
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """Have them seen before they grow: from nothing to one is no growth to Prometheus."""
        for queue in QUEUES:
            self._given_up.labels(queue)
        for why in SWEPT_WHY:
            self._swept.labels(why)

    def begun(self, queue: str, received_at: float) -> None:
        """Note the first turn about an event."""
        self._waited.labels(queue).observe(_since(received_at))

    def ended(self, queue: str, outcome: str) -> None:
        """Note in a word or two how a turn ended."""
        self._turns.labels(queue, outcome.replace(" ", "_")).inc()

    def deferred(self, *, tried: bool) -> None:
        self._deferrals.labels("retry" if tried else "later").inc()

    def given_up(self, queue: str) -> None:
        self._given_up.labels(queue).inc()

    def shown(self, received_at: float) -> None:
        """Note that a user sees that an answer is under way."""
        self._shown.observe(_since(received_at))

    def answered(self, received_at: float) -> None:
        """Note that a user has the answer."""
        self._answered.observe(_since(received_at))

    def swept(self, why: str, conversations: int) -> None:
        """Note how many conversations were woken anew."""
        if conversations:
            self._swept.labels(why).inc(conversations)


def _since(moment: float) -> float:
    """Two machines' clocks may differ: what has not happened yet happens now."""
    return max(0.0, time.time() - moment)
