"""Which handler is for which kind of event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.model.outcome import Ignored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.ids import ConversationId
    from shared.model.mail import Mail
    from shared.model.outcome import Outcome
    from workers.handlers.handler import Handler


class ByType:
    """A handler made of handlers: each gets the mail of its own type."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = handlers

    async def handle(self, conversation: ConversationId, mail: Mail) -> Outcome:
        """Have the mail handled; what nobody handles is done with.

        Raises:
            TransientError, PermanentError: of its handler.
        """
        handler = self._handlers.get(mail.event_type)
        if handler is None:
            return Ignored("no_handler")
        return await handler.handle(conversation, mail)

    async def apologise(self, mail: Mail) -> None:
        """Have the mail's handler apologise, if it has one."""
        if handler := self._handlers.get(mail.event_type):
            await handler.apologise(mail)
