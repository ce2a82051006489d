"""`card.action.trigger`: the bot's own buttons first, then what the team declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.feishu.presses import read_press
from shared.model.outcome import Ignored
from workers.handlers.events import CardAction
from workers.handlers.events.reading import read_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.outcome import Outcome
    from workers.handlers.handler import Handler
    from workers.turn import Turn


class ActionHandler:
    """Tells presses of the bot's own buttons from those of cards that the team has sent."""

    def __init__(self, presses: Handler, actions: Mapping[str, Handler]) -> None:
        """`actions` are the team's handlers by the name they are declared for."""
        self._presses = presses
        self._actions = actions

    async def handle(self, turn: Turn) -> Outcome:
        """Have the press handled; nobody's is done with.

        Raises:
            TransientError, PermanentError: of its handler.
        """
        mail = turn.mails[0]
        if read_press(mail.payload) is not None:
            return await self._presses.handle(turn)
        event = read_event(mail)
        names = event.names if isinstance(event, CardAction) else ()
        for name in names:
            if handler := self._actions.get(name):
                return await handler.handle(turn)
        return Ignored("not_ours")

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for more than the toast of a press."""
