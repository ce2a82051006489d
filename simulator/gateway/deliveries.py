"""What became of every attempt to hand the app an event; the newest ones are kept."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.ids import ConnectionId, EventId, MessageId


@dataclass(slots=True)
class Delivery:
    """The record of one attempt, the first being 1. Times are seconds since the epoch.

    Without an `error` and without an `acked_at` it is still in flight.
    """

    event_id: EventId
    message_id: MessageId | None
    attempt: int
    sent_at: float
    connection_id: ConnectionId | None = None
    acked_at: float | None = None
    ack_code: int | None = None
    error: str | None = None
    event_type: str = ""
    route: str = ""


class Deliveries:
    """At most `keep` of them, found by the event or by the message they carried."""

    def __init__(self, keep: int) -> None:
        self.counts: Counter[str] = Counter(pushed=0, acked=0, failed=0, redelivered=0, late=0)
        self._keep = keep
        self._kept: deque[Delivery] = deque()
        self._found: dict[EventId | MessageId, list[Delivery]] = {}

    def add(self, delivery: Delivery) -> None:
        self._kept.append(delivery)
        for key in _keys(delivery):
            self._found.setdefault(key, []).append(delivery)
        if len(self._kept) > self._keep:
            self._drop_oldest()

    def of(self, key: EventId | MessageId) -> list[Delivery]:
        """Return the deliveries of one event or of one message, oldest first."""
        return list(self._found.get(key, ()))

    def newest(self, limit: int) -> list[Delivery]:
        """Return the last `limit` deliveries, newest last."""
        return list(self._kept)[-limit:]

    def _drop_oldest(self) -> None:
        oldest = self._kept.popleft()
        for key in _keys(oldest):
            found = self._found[key]
            if len(found) == 1:
                del self._found[key]
            else:
                found.pop(0)


def _keys(delivery: Delivery) -> tuple[EventId | MessageId, ...]:
    if delivery.message_id is None:
        return (delivery.event_id,)
    return (delivery.event_id, delivery.message_id)
