"""What passes over the sockets, told to whoever watches the wire."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.gateway.envelopes import Cut
    from simulator.gateway.flight import Flight
    from simulator.ids import ConnectionId

    Tell = Callable[[str, Callable[[], object]], None]
    """Takes an event's name, and what makes its JSON if anybody watches."""


class Wiretap:
    """`out` is to the app; `at` is in seconds since the epoch, `ms` from the push to the ack."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def pushed(self, flight: Flight, cut: Cut) -> None:
        self._tell("frame", lambda: _seen(flight, "out", cut.frame_type, flight.delivery.sent_at))

    def acked(self, flight: Flight, at: float) -> None:
        self._tell("frame", lambda: _seen(flight, "in", "ack", at))

    def lost(self, flight: Flight) -> None:
        """Note that the deadline has passed without an ack."""
        self._tell("frame", lambda: _seen(flight, "in", "silence", time.time()))

    def posted(self, flight: Flight) -> None:
        self._tell("frame", lambda: _seen(flight, "out", "webhook", flight.delivery.sent_at))

    def answered(self, flight: Flight) -> None:
        """Note what a request to the webhook ended with; `ack_code` is its HTTP status."""
        self._tell("frame", lambda: _seen(flight, "in", "webhook", time.time()))

    def control(self, connection_id: ConnectionId, direction: str, frame_type: str) -> None:
        self._tell(
            "frame",
            lambda: {
                "connection": connection_id,
                "direction": direction,
                "type": frame_type,
                "event_type": None,
                "event_id": None,
                "message_id": None,
                "attempt": None,
                "at": time.time(),
                "ack_code": None,
                "ms": None,
                "error": None,
            },
        )


def _seen(flight: Flight, direction: str, frame_type: str, at: float) -> dict[str, object]:
    delivery = flight.delivery
    answered = direction == "in"
    return {
        "connection": delivery.connection_id,
        "direction": direction,
        "type": frame_type,
        "event_type": flight.event.event_type,
        "event_id": delivery.event_id,
        "message_id": delivery.message_id,
        "attempt": delivery.attempt,
        "at": at,
        "ack_code": delivery.ack_code,
        "ms": round((at - delivery.sent_at) * 1000, 3) if answered else None,
        "error": delivery.error,
    }
