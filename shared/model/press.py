"""A button of the bot's own that somebody pressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from shared.model.ids import ConversationId, LetterId, MessageId, OpenId

Act = Literal["stop", "retry", "again", "up", "down", "allow", "deny"]


@dataclass(frozen=True, slots=True)
class Press:
    """What `by` asks to be done about the answer to `question`, which `card` shows.

    `letter` is the dead letter that a retry is about, `ask` what is allowed or denied.
    """

    act: Act
    question: MessageId
    conversation: ConversationId
    card: MessageId
    by: OpenId
    letter: LetterId | None = None
    ask: str = ""
