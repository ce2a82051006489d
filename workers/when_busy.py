"""What becomes of messages that come while a turn runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from shared.model.ids import chat_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.ids import ConversationId

Mode = Literal["collect", "each", "interrupt"]

TOGETHER: Final = 20
"""Messages that one turn takes at most: more would not be one question."""


@dataclass(frozen=True, slots=True)
class WhenBusy:
    """What is done everywhere, but for the `chats` that are named.

    `collect` answers them together in the next turn, `each` one by one; with `interrupt` the
    running turn makes way for them.
    """

    mode: Mode = "collect"
    chats: Mapping[str, Mode] = field(default_factory=dict)

    def of(self, conversation: ConversationId) -> Mode:
        return self.chats.get(chat_of(conversation), self.mode)

    def together(self, conversation: ConversationId) -> bool:
        """Whether one answer is given to all the messages that a turn took."""
        return self.of(conversation) != "each"
