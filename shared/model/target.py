"""Where an answer goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.model.ids import chat_of

if TYPE_CHECKING:
    from shared.model.ids import ChatId, ConversationId, MessageId
    from shared.model.language import Language


@dataclass(frozen=True, slots=True)
class Target:
    """The question that is answered, and where; in its thread if `in_thread`.

    `again` is empty, or names the request to answer this question another time. `language` is what
    the bot's own words are in. With `offers` another answer, and feedback, are offered below it.
    """

    question: MessageId
    conversation: ConversationId
    in_thread: bool = False
    again: str = ""
    language: Language = "en"
    offers: bool = True

    @property
    def chat(self) -> ChatId:
        return chat_of(self.conversation)

    def part(self, number: int) -> str:
        """Return the name of a part of the answer, counted from 1; it is sent once."""
        name = "answer" if number == 1 else f"answer.{number}"
        return f"{name}.{self.again}" if self.again else name
