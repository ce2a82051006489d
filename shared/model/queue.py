"""The two queues, which scale apart: turns of chats, and what is done about all other events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.ids import ConversationId

Queue = Literal["turns", "events"]

QUEUES: Final[tuple[Queue, ...]] = ("turns", "events")

SINGLE: Final = "event:"
"""Begins the name of a conversation of one event, which stands in no line with any other."""

APPROVAL: Final = "approval:"
"""Begins the name of the line of one approval."""

PRESSES: Final = "presses:"
"""Begins the name of the line of what is pressed in one chat."""

SENDS: Final = "send:"
"""Begins the name of the line of what is to be sent to one receiver."""

SCHEDULE: Final = "schedule:"
"""Begins the name of the line of one schedule."""

TURN: Final = "turn"
"""What the task of a wake is named that begins a turn of a chat."""

TASKS: Final[Mapping[str, str]] = {
    SINGLE: "event",
    APPROVAL: "event approval",
    PRESSES: "event press",
    SENDS: "event send",
    SCHEDULE: "event schedule",
}
"""What the others are named, by what the name of their conversation begins with."""

_EVENTS: Final = (*TASKS,)


def queue_of(conversation: ConversationId) -> Queue:
    """Return the queue whose workers run a conversation: its name tells."""
    return "events" if conversation.startswith(_EVENTS) else "turns"


def task_of(conversation: ConversationId) -> str:
    """Return the name of the task that a wake of it is; it holds no id."""
    first, colon, _ = conversation.partition(":")
    return TASKS.get(f"{first}{colon}", TURN)
