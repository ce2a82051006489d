"""The delivery of events: one random connection, an ack within the deadline, or the ladder.

The path of one event costs no task and no timer of its own. Deliveries in flight stand in the
order of their deadlines, which are all equally far away, so one timer for the oldest serves
them all.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING

from simulator.gateway.connections import OutboxFullError
from simulator.gateway.deliveries import Delivery
from simulator.gateway.envelopes import ack_code, answered_frame, frames_of
from simulator.ids import fresh_frame_id

if TYPE_CHECKING:
    from simulator.gateway.clock import Clock
    from simulator.gateway.connections import Connection, Connections
    from simulator.gateway.deliveries import Deliveries
    from simulator.gateway.events import Event
    from simulator.gateway.frames import Frame
    from simulator.gateway.ladder import Ladder
    from simulator.ids import ConnectionId, FrameId

MOST_WAITING = 100_000
"""Events that may wait on the ladder; a real platform has more memory."""


@dataclass(frozen=True, slots=True)
class Flight:
    """A delivery that is on its way; `deadline` is on the clock of the push."""

    frame_id: FrameId
    event: Event
    delivery: Delivery
    deadline: float


class Push:
    """Everything between "this happened" and "the app has it"."""

    def __init__(
        self,
        connections: Connections,
        deliveries: Deliveries,
        ladder: Ladder,
        clock: Clock,
        *,
        ack_deadline: float,
    ) -> None:
        self._connections = connections
        self._deliveries = deliveries
        self._ladder = ladder
        self._clock = clock
        self._ack_deadline = ack_deadline
        self._in_flight: OrderedDict[FrameId, Flight] = OrderedDict()
        self._watching = False
        self._waiting = 0
        self._sequence = count(1)

    def push(self, event: Event) -> None:
        """Deliver an event, and again up to four times until it is acked."""
        self._attempt(event, 1)

    def ack(self, frame: Frame) -> None:
        """Take the answer to a delivery, on whichever connection it came.

        Whether the platform insists on the connection that delivered is not known (facts
        10); clients that reconnect in between answer on the new one, and are heard here.
        """
        flight = self._in_flight.pop(answered_frame(frame), None)
        if flight is None:
            self._deliveries.counts["late"] += 1
            return
        delivery = flight.delivery
        delivery.ack_code = ack_code(frame)
        if delivery.ack_code == HTTPStatus.OK:
            delivery.acked_at = time.time()
            self._deliveries.counts["acked"] += 1
        else:
            self._fail(flight, "the ack is not a success")

    def connection_lost(self, connection_id: ConnectionId) -> None:
        """Fail what was in flight on a connection that is gone."""
        flights = self._in_flight.values()
        for flight in [each for each in flights if each.delivery.connection_id == connection_id]:
            del self._in_flight[flight.frame_id]
            self._fail(flight, "the connection closed")

    def _attempt(self, event: Event, attempt: int) -> None:
        delivery = Delivery(event.event_id, event.message_id, attempt, sent_at=time.time())
        flight = Flight(fresh_frame_id(), event, delivery, self._clock.time() + self._ack_deadline)
        self._deliveries.add(delivery)
        self._deliveries.counts["pushed"] += 1
        if attempt > 1:
            self._deliveries.counts["redelivered"] += 1
        connection = self._connections.pick()
        if connection is None:
            self._fail(flight, "no connection")
        else:
            self._send(flight, connection)

    def _send(self, flight: Flight, connection: Connection) -> None:
        flight.delivery.connection_id = connection.connection_id
        try:
            for frame in frames_of(flight.event, flight.frame_id, next(self._sequence)):
                connection.send(frame)
        except OutboxFullError:
            self._fail(flight, "the client does not read")
        else:
            self._in_flight[flight.frame_id] = flight
            self._watch()

    def _watch(self) -> None:
        if not self._watching and self._in_flight:
            oldest = next(iter(self._in_flight.values()))
            self._watching = True
            self._clock.call_later(oldest.deadline - self._clock.time(), self._expire)

    def _expire(self) -> None:
        self._watching = False
        now = self._clock.time()
        while self._in_flight:
            oldest = next(iter(self._in_flight.values()))
            if oldest.deadline > now:
                break
            del self._in_flight[oldest.frame_id]
            self._fail(oldest, "no ack in time")
        self._watch()

    def _fail(self, flight: Flight, error: str) -> None:
        delivery = flight.delivery
        delivery.error = error
        self._deliveries.counts["failed"] += 1
        wait = self._ladder.wait_after(delivery.attempt) if flight.event.redelivered else None
        if wait is None:
            return
        if self._waiting >= MOST_WAITING:
            delivery.error = f"{error}; not tried again, too many events wait"
            return
        self._waiting += 1
        self._clock.call_later(wait, partial(self._again, flight.event, delivery.attempt + 1))

    def _again(self, event: Event, attempt: int) -> None:
        self._waiting -= 1
        self._attempt(event, attempt)
