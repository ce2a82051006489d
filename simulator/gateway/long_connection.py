"""Events over the long connection: one random socket, an ack within the deadline.

The path of one event costs no task and no timer of its own. Flights stand in the order of their
deadlines, which are all equally far away, so one timer for the oldest serves them all.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from functools import partial
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Final

from simulator.faults.gateway_faults import DelayAck, DropAck
from simulator.gateway.connections import OutboxFullError
from simulator.gateway.envelopes import ack_code, answered_frame, frames_of
from simulator.gateway.flight import ACCEPTED, Failure, Outcome
from simulator.gateway.heard import callback_outcome
from simulator.ids import fresh_frame_id

if TYPE_CHECKING:
    from simulator.gateway.clock import Clock
    from simulator.gateway.connections import Connection, Connections
    from simulator.gateway.deliveries import Deliveries
    from simulator.gateway.flight import Flight
    from simulator.gateway.frames import Frame
    from simulator.gateway.mischief import Mischief
    from simulator.gateway.sabotage import Sabotage
    from simulator.gateway.wiretap import Wiretap
    from simulator.ids import ConnectionId, FrameId


class LongConnection:
    """The route over the app's sockets."""

    name: Final = "long connection"

    def __init__(
        self,
        connections: Connections,
        deliveries: Deliveries,
        clock: Clock,
        sabotage: Sabotage,
        wiretap: Wiretap,
        *,
        ack_deadline: float,
    ) -> None:
        self._connections = connections
        self._deliveries = deliveries
        self._clock = clock
        self._sabotage = sabotage
        self._mischief: Mischief = sabotage.mischief
        self._wiretap = wiretap
        self._ack_deadline = ack_deadline
        self._in_flight: OrderedDict[FrameId, Flight] = OrderedDict()
        self._watching = False
        self._sequence = count(1)

    @property
    def open(self) -> bool:
        return len(self._connections) > 0

    def carry(self, flight: Flight) -> None:
        connection = self._connections.pick()
        if connection is None:
            flight.fail(Failure.NO_ROUTE, "no connection")
            return
        flight.delivery.connection_id = connection.connection_id
        flight.deadline = self._clock.time() + self._ack_deadline
        frame_id = fresh_frame_id()
        try:
            self._send(flight, frame_id, connection)
        except OutboxFullError:
            flight.fail(Failure.UNREACHABLE, "the client does not read")
            return
        self._in_flight[frame_id] = flight
        self._watch()

    def ack(self, frame: Frame) -> None:
        """Take the answer to a delivery, on whichever connection it came.

        Whether the platform insists on the connection that delivered is not known (facts
        10); clients that reconnect in between answer on the new one, and are heard here.
        """
        frame_id = answered_frame(frame)
        flight = self._in_flight.get(frame_id)
        if flight is not None and self._mischief.possible:
            if self._mischief.take(DropAck, flight.event):
                return
            delay = self._mischief.take(DelayAck, flight.event)
            if delay:
                self._clock.call_later(delay.seconds, partial(self._hear, frame_id, frame))
                return
        self._hear(frame_id, frame)

    def connection_lost(self, connection_id: ConnectionId) -> None:
        """Fail what was in flight on a connection that is gone."""
        flights = self._in_flight.items()
        lost = [each for each in flights if each[1].delivery.connection_id == connection_id]
        for frame_id, flight in lost:
            del self._in_flight[frame_id]
            flight.fail(Failure.UNREACHABLE, "the connection closed")

    def _send(self, flight: Flight, frame_id: FrameId, connection: Connection) -> None:
        cut = self._sabotage.cut(flight.event)
        self._wiretap.pushed(flight, cut)
        if self._mischief.possible and self._sabotage.swallows(flight.event, connection):
            return
        for frame in frames_of(flight.event, frame_id, next(self._sequence), cut):
            connection.send(frame)

    def _hear(self, frame_id: FrameId, frame: Frame) -> None:
        flight = self._in_flight.pop(frame_id, None)
        if flight is None:
            self._deliveries.counts["late"] += 1
            return
        delivery = flight.delivery
        delivery.ack_code = ack_code(frame)
        if delivery.ack_code != HTTPStatus.OK:
            outcome = Outcome("the ack is not a success", Failure.REFUSED)
        elif flight.event.redelivered:
            outcome = ACCEPTED
        else:
            outcome = callback_outcome(frame.payload)
        flight.settle(flight, outcome)
        self._wiretap.acked(flight, time.time())

    def _watch(self) -> None:
        if not self._watching and self._in_flight:
            oldest = next(iter(self._in_flight.values()))
            self._watching = True
            self._clock.call_later(oldest.deadline - self._clock.time(), self._expire)

    def _expire(self) -> None:
        self._watching = False
        now = self._clock.time()
        while self._in_flight:
            frame_id, oldest = next(iter(self._in_flight.items()))
            if oldest.deadline > now:
                break
            del self._in_flight[frame_id]
            oldest.fail(Failure.TOO_LATE, "no ack in time")
            self._wiretap.lost(oldest)
        self._watch()
