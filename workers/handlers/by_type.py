"""Which handler is for which kind of event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.model.outcome import Ignored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.outcome import Outcome
    from workers.handlers.handler import Handler
    from workers.turn import Turn


class ByType:
    """A handler made of handlers: each gets the turns about its own kind of event."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = handlers

    async def handle(self, turn: Turn) -> Outcome:
        """Have the mail handled; what nobody handles is done with.

        Raises:
            TransientError, PermanentError: of its handler.
        """
        handler = self._handlers.get(turn.mails[0].event_type)
        if handler is None:
            return Ignored("no_handler")
        return await handler.handle(turn)

    async def apologise(self, turn: Turn) -> None:
        """Have the mail's handler apologise, if it has one."""
        if handler := self._handlers.get(turn.mails[0].event_type):
            await handler.apologise(turn)
