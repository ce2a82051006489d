"""What is remembered of a reply under way, so that another worker can adopt it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.model.ids import CardId

if TYPE_CHECKING:
    from shared.model.ids import MessageId

HELD: Final = CardId("-")


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply's cards, the messages that show them, and the finished answer, once they are there.

    A card that its message holds itself has `HELD` for an id.

    `generation` grows whenever somebody takes the reply over, be it the same worker in another
    attempt: two writers of one generation would take each other for themselves. At most 2146.
    """

    cards: tuple[CardId, ...] = ()
    messages: tuple[MessageId, ...] = ()
    generation: int = 0
    answer: bytes = b""
