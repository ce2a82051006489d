"""What the faults do to sockets and to frames on their way out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from simulator.events.event import Order
from simulator.faults.gateway_faults import (
    CardFrames,
    Close,
    FreezeSocket,
    KillSocket,
    Silence,
    Split,
)
from simulator.gateway.envelopes import WHOLE, Cut

if TYPE_CHECKING:
    from simulator.events.event import Event
    from simulator.faults.fault import Fault
    from simulator.faults.faults import Standing
    from simulator.gateway.clock import Clock
    from simulator.gateway.connections import Connection, Connections
    from simulator.gateway.mischief import Mischief

ENDINGS: tuple[type[KillSocket | FreezeSocket | Close], ...] = (KillSocket, FreezeSocket, Close)


class Sabotage:
    """Sockets that end badly, frames that are cut or relabelled, events that never leave."""

    def __init__(
        self, mischief: Mischief, connections: Connections, clock: Clock, *, split_over: int
    ) -> None:
        self.mischief = mischief
        self._connections = connections
        self._clock = clock
        self._split_over = split_over
        self._closing: set[asyncio.Task[None]] = set()
        mischief.faults.listen(self._ordered)

    def cut(self, event: Event) -> Cut:
        """Return in how many frames of which type an event goes out."""
        if event.parts == 1 and not self._split_over and not self.mischief.possible:
            return WHOLE
        parts, order, frame_type = event.parts, event.order, "event"
        if self._split_over and len(event.payload) > self._split_over:
            parts = max(parts, -(-len(event.payload) // self._split_over))
        if self.mischief.possible:
            split = self.mischief.take(Split, event)
            if split:
                parts = max(1, split.parts)
                order = Order.REVERSED if split.reversed else Order.IN_ORDER
            if not event.redelivered and self.mischief.take(CardFrames, event):
                frame_type = "card"
        return Cut(parts, order, frame_type)

    def swallows(self, event: Event, connection: Connection) -> bool:
        """Do to the socket what is due with this event, and tell whether the event is lost."""
        for kind in ENDINGS:
            fault = self.mischief.take(kind, event)
            if fault:
                self._end(connection, fault)
                return True
        return self.mischief.take(Silence, event) is not None

    def _ordered(self, standing: Standing) -> None:
        """Act at once on sockets that are open, if the fault is aimed at nothing in particular."""
        if not (isinstance(standing.order.fault, ENDINGS) and standing.order.where.anywhere):
            return
        for connection in self._connections.shuffled():
            if standing.left == 0:
                return
            self._end(connection, self.mischief.faults.spend(standing))

    def _end(self, connection: Connection, fault: Fault) -> None:
        match fault:
            case KillSocket():
                connection.abort()
            case FreezeSocket(held=held):
                connection.freeze()
                self._clock.call_later(held, connection.abort)
            case Close(code=code):
                closing = asyncio.get_running_loop().create_task(connection.close(code))
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)
