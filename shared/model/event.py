"""What happened, as far as accepting it needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.model.ids import ConversationId, EventId, MessageId


@dataclass(frozen=True, slots=True)
class Event:
    """The identity of an event (dedup) and its place in line (order)."""

    type: str
    event_id: EventId
    message_id: MessageId | None
    conversation: ConversationId


@dataclass(frozen=True, slots=True)
class Unkept:
    """An event of a kind that nobody here keeps."""

    type: str
    event_id: EventId
