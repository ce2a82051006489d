"""What is remembered of a reply under way, so that another worker can go on with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.model.ids import CardId, MessageId


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply between its first step and its last.

    `answer` is the finished answer before it is sent, empty until then. `generation` grows with
    every turn that takes the draft over, so that each can tell its writes from its forerunner's.
    """

    card: CardId | None = None
    message: MessageId | None = None
    answer: bytes = b""
    generation: int = 0
