"""The door for events: out over every way the app has, each with its own promise."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from simulator.events.given import skewed
from simulator.faults.gateway_faults import ClockSkew, Reorder

if TYPE_CHECKING:
    from simulator.events.event import Event
    from simulator.gateway.clock import Clock
    from simulator.gateway.courier import Courier
    from simulator.gateway.flight import Outcome
    from simulator.gateway.mischief import Mischief

MOST_HELD = 1_000
"""Events that may be held back to come out of order."""


class Push:
    """An app with a webhook and no open connection gets its events by webhook alone."""

    def __init__(
        self, mischief: Mischief, clock: Clock, connection: Courier, webhook: Courier | None
    ) -> None:
        self._mischief = mischief
        self._clock = clock
        self._connection = connection
        self._webhook = webhook
        self._held: list[Event] = []

    def push(self, event: Event) -> None:
        """Deliver an event to the app; a callback is pushed once, and its answer dropped."""
        if not self._mischief.possible and not self._held:
            self._deliver(event)
            return
        event = self._skewed(event)
        reorder = self._mischief.take(Reorder, event)
        if reorder and len(self._held) < MOST_HELD:
            self._held.append(event)
            self._clock.call_later(reorder.seconds, self._release)
        else:
            self._deliver(event)
            self._release()

    async def ask(self, event: Event) -> Outcome:
        """Push a callback and return how it ended; the first answer counts (facts 2.4)."""
        event = self._skewed(event)
        loop = asyncio.get_running_loop()
        asked: list[asyncio.Future[Outcome]] = []
        for courier in self._ways():
            heard: asyncio.Future[Outcome] = loop.create_future()
            asked.append(heard)
            courier.ask(event, heard)
        outcomes = [await answered for answered in asyncio.as_completed(asked)]
        return next((each for each in outcomes if each.error is None), outcomes[0])

    def _skewed(self, event: Event) -> Event:
        skew = self._mischief.take(ClockSkew, event)
        return skewed(event, skew.seconds) if skew else event

    def _release(self) -> None:
        held, self._held = self._held, []
        for event in held:
            self._deliver(event)

    def _deliver(self, event: Event) -> None:
        for courier in self._ways():
            courier.deliver(event)

    def _ways(self) -> list[Courier]:
        if self._webhook is None:
            return [self._connection]
        return [self._connection, self._webhook] if self._connection.open else [self._webhook]
