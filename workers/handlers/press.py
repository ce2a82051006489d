"""`card.action.trigger`: somebody pressed a button of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.feishu.presses import read_press
from shared.model.outcome import Ignored
from shared.model.press import Press

if TYPE_CHECKING:
    from shared.model.outcome import Outcome
    from shared.store.dead_letters import DeadLetters
    from shared.store.notices import Notices
    from workers.turn import Turn


class PressHandler:
    """Does what the buttons of answers are for: stops a turn, or tries one again."""

    def __init__(self, notices: Notices, dead_letters: DeadLetters) -> None:
        self._notices = notices
        self._dead_letters = dead_letters

    async def handle(self, turn: Turn) -> Outcome:
        """Follow a press of a button of ours.

        Raises:
            StoreUnavailable: it is to come again.
            MalformedEvent: it is none.
        """
        match read_press(turn.mails[0].payload):
            case Press(act="stop") as press:
                done = await self._notices.stop(press.conversation, press.question)
            case Press(act="retry", letter=letter) as press if letter is not None:
                done = await self._dead_letters.replay(letter) > 0
            case _:
                return Ignored("not_ours")
        return Ignored(press.act if done else f"{press.act}_too_late")

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for more than the toast of a press."""
