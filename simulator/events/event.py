"""An event on its way to the app."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.ids import ChatId, EventId, MessageId

CALLBACKS = frozenset({"card.action.trigger", "url.preview.get"})
"""Pushed once and never again, whatever the answer (facts 2.4)."""


class Order(StrEnum):
    """In which order the parts of a split event are sent."""

    IN_ORDER = "in order"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Event:
    """`payload` is sent as it is, cut into `parts` frames.

    Events of one `line` are ordered: the next is pushed once the one before was accepted or
    given up (facts 2.2).
    """

    event_id: EventId
    payload: bytes
    message_id: MessageId | None = None
    parts: int = 1
    order: Order = Order.IN_ORDER
    redelivered: bool = True
    event_type: str = ""
    chat_id: ChatId | None = None
    line: str | None = None
