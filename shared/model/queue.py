"""The two queues, which scale apart: turns of chats, and what is done about all other events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from shared.model.ids import ConversationId

Queue = Literal["turns", "events"]

QUEUES: Final[tuple[Queue, ...]] = ("turns", "events")

SINGLE: Final = "event:"
"""Begins the name of a conversation of one event, which stands in no line with any other."""

APPROVAL: Final = "approval:"
"""Begins the name of the line of one approval."""

PRESSES: Final = "presses:"
"""Begins the name of the line of what is pressed in one chat."""


def queue_of(conversation: ConversationId) -> Queue:
    """Return the queue whose workers run a conversation: its name tells."""
    return "events" if conversation.startswith((SINGLE, APPROVAL, PRESSES)) else "turns"
