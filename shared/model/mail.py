"""An accepted event on its way to a turn, and an event about to be accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from shared.model.event import Event
    from shared.model.ids import EventId


class Incoming(NamedTuple):
    """What goes into a mailbox: an event and the delivery it came with.

    `payload` is the platform's JSON as it came. `received_at` is the Unix time, in seconds, at
    which the ingress had all of it.
    """

    event: Event
    trace_id: str
    received_at: float
    payload: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What comes out of a mailbox: an accepted event."""

    event_id: EventId
    event_type: str
    trace_id: str
    received_at: float
    payload: bytes
