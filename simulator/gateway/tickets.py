"""The single-use tickets of connection URLs."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.gateway.clock import Clock
    from simulator.ids import ConnectionId

TICKET_LIFE = 60.0
"""Seconds. The platform's own value is not documented; clients connect at once."""
MOST_TICKETS = 1_000


class Tickets:
    """Every discovery issues one; it opens one connection, soon, or none."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: OrderedDict[str, tuple[ConnectionId, float]] = OrderedDict()

    def issue(self, connection_id: ConnectionId) -> str:
        ticket = str(uuid.uuid4())
        self._issued[ticket] = (connection_id, self._clock.time() + TICKET_LIFE)
        if len(self._issued) > MOST_TICKETS:
            self._issued.popitem(last=False)
        return ticket

    def redeem(self, ticket: str) -> ConnectionId | None:
        """Use a ticket up, and return the connection it opens if it is good."""
        connection_id, expires_at = self._issued.pop(ticket, (None, 0.0))
        return connection_id if self._clock.time() < expires_at else None
