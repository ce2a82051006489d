"""The port between a turn and what is done about a kind of event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.model.ids import ConversationId
    from shared.model.mail import Mail
    from shared.model.outcome import Outcome


class Handler(Protocol):
    """Code for one kind of event."""

    async def handle(self, conversation: ConversationId, mail: Mail, /) -> Outcome:
        """Do what the event asks for, or say why not.

        Raises:
            TransientError: the same mail is to come again.
            PermanentError: it is to become a dead letter.
        """

    async def apologise(self, mail: Mail, /) -> None:
        """Tell whoever waits that the mail was given up. Never raises a LarkspurError."""
