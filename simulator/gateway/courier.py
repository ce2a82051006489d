"""The promise to deliver: attempts over one route, the ladder, order, doubles after success."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from simulator.events.given import renamed
from simulator.faults.gateway_faults import Duplicate, NewEventId
from simulator.gateway.deliveries import Delivery
from simulator.gateway.flight import Flight, Outcome
from simulator.gateway.lines import LineFullError, Lines

if TYPE_CHECKING:
    import asyncio

    from simulator.events.event import Event
    from simulator.gateway.clock import Clock
    from simulator.gateway.deliveries import Deliveries
    from simulator.gateway.flight import Route
    from simulator.gateway.ladder import Ladder
    from simulator.gateway.mischief import Mischief

MOST_WAITING = 100_000
"""Events that may wait on the ladder; a real platform has more memory."""


class Courier:
    """Everything between "this happened" and "the app has it", whatever the way."""

    def __init__(
        self,
        route: Route,
        deliveries: Deliveries,
        ladder: Ladder,
        clock: Clock,
        mischief: Mischief,
    ) -> None:
        self._route = route
        self._deliveries = deliveries
        self._ladder = ladder
        self._clock = clock
        self._mischief = mischief
        self._lines = Lines()
        self._waiting = 0
        self._settle = self._settled

    @property
    def open(self) -> bool:
        return self._route.open

    def deliver(self, event: Event) -> None:
        """Deliver an event, and again up to four times until it is accepted."""
        if event.line is None:
            self._attempt(event, 1)
            return
        try:
            if self._lines.enter(event.line, event):
                self._attempt(event, 1)
        except LineFullError:
            lost = self._record(event, 1)
            lost.error = "never tried, too many events wait behind others"
            self._deliveries.counts["failed"] += 1

    def ask(self, event: Event, heard: asyncio.Future[Outcome]) -> None:
        """Deliver a callback once, and have `heard` told how it ended."""
        self._attempt(event, 1, heard)

    def _attempt(
        self, event: Event, attempt: int, heard: asyncio.Future[Outcome] | None = None
    ) -> None:
        if attempt > 1:
            self._deliveries.counts["redelivered"] += 1
        delivery = self._record(event, attempt)
        self._route.carry(Flight(event, delivery, self._settle, heard))

    def _record(self, event: Event, attempt: int) -> Delivery:
        delivery = Delivery(
            event.event_id,
            event.message_id,
            attempt,
            time.time(),
            event_type=event.event_type,
            route=self._route.name,
        )
        self._deliveries.add(delivery)
        self._deliveries.counts["pushed"] += 1
        return delivery

    def _settled(self, flight: Flight, outcome: Outcome) -> None:
        if outcome.error is None:
            flight.delivery.acked_at = time.time()
            self._deliveries.counts["acked"] += 1
            self._finish(flight, outcome)
            if self._mischief.possible and flight.event.redelivered:
                self._double(flight.event)
        else:
            self._fail(flight, outcome, outcome.error)

    def _fail(self, flight: Flight, outcome: Outcome, error: str) -> None:
        event, delivery = flight.event, flight.delivery
        delivery.error = error
        self._deliveries.counts["failed"] += 1
        wait = self._ladder.wait_after(delivery.attempt) if event.redelivered else None
        if wait is not None and self._waiting >= MOST_WAITING:
            delivery.error = f"{error}; not tried again, too many events wait"
            wait = None
        if wait is None:
            self._finish(flight, outcome)
            return
        self._waiting += 1
        self._clock.call_later(wait, partial(self._again, event, delivery.attempt + 1))

    def _again(self, event: Event, attempt: int) -> None:
        self._waiting -= 1
        self._attempt(event, attempt)

    def _finish(self, flight: Flight, outcome: Outcome) -> None:
        if flight.heard is not None and not flight.heard.done():
            flight.heard.set_result(outcome)
        if flight.event.line is not None:
            following = self._lines.leave(flight.event.line)
            if following is not None:
                self._attempt(following, 1)

    def _double(self, event: Event) -> None:
        # A double is no part of the order it has already passed.
        event = replace(event, line=None)
        if self._mischief.take(Duplicate, event):
            self._attempt(event, 1)
        if self._mischief.take(NewEventId, event):
            self._attempt(renamed(event), 1)
