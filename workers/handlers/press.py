"""`card.action.trigger`: somebody pressed a button of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from shared.feishu.presses import read_press

from shared.model.outcome import Ignored

if TYPE_CHECKING:
    from shared.model.outcome import Outcome
    from shared.store.dead_letters import DeadLetters
    from shared.store.notices import Notices
    from workers.turn import Turn

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


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
        press = read_press(turn.mails[0].payload)
        match press and press.asks_for:
            case "stop":
                stopped = await self._notices.stop(press.conversation, press.subject)
                return Ignored("stop" if stopped else "stop_too_late")
            case "retry":
                replayed = await self._dead_letters.replay(press.subject)
                return Ignored("retry" if replayed else "retry_too_late")
            case _:
                return Ignored("not_ours")

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for more than the toast of a press."""
