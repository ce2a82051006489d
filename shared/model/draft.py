"""What is remembered of a reply under way, so that another worker can adopt it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.model.ids import CardId, MessageId


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply's card, the message that shows it, and the finished answer, each once it is there.

    `generation` grows whenever somebody takes the reply over, be it the same worker in another
    attempt: two writers of one generation would take each other for themselves. At most 2146.
    """

    card: CardId | None = None
    message: MessageId | None = None
    generation: int = 0
    answer: bytes = b""
