"""The end of a card's streaming, ten minutes after it was last switched on (facts 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.gateway.clock import Clock
    from simulator.world.card import Card

LIFE: Final = 10 * 60.0


class Streaming:
    """Watches cards, with one timer each at most; `ended` hears of those it has stopped."""

    def __init__(self, clock: Clock, ended: Callable[[Card], None]) -> None:
        self._clock = clock
        self._ended = ended

    def watch(self, card: Card, *, restarts: bool) -> None:
        """Look at a card whose content has changed.

        With `restarts` a `streaming_mode` that is on counts as switched on now, even if it was
        on before.
        """
        if not card.streaming:
            card.streaming_ends_at = None
        elif restarts or card.streaming_ends_at is None:
            card.timed_out = False
            card.streaming_ends_at = self._clock.time() + LIFE
            if not card.timer_runs:
                self._wait(card, LIFE)

    def _wait(self, card: Card, seconds: float) -> None:
        card.timer_runs = True
        self._clock.call_later(seconds, lambda: self._look(card))

    def _look(self, card: Card) -> None:
        card.timer_runs = False
        if card.streaming_ends_at is None:
            return
        left = card.streaming_ends_at - self._clock.time()
        if left > 0:  # it was switched on again since
            self._wait(card, left)
            return
        card.content["config"]["streaming_mode"] = False
        card.streaming_ends_at = None
        card.timed_out = True
        self._ended(card)
