"""One entry of a mailbox: an accepted event on its way to a turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.model.ids import EventId


@dataclass(frozen=True, slots=True)
class Mail:
    """An accepted event.

    `payload` is the platform's JSON as it came. `received_at` is the Unix time, in seconds, at
    which the ingress had the whole frame.
    """

    event_id: EventId
    event_type: str
    trace_id: str
    received_at: float
    payload: bytes
