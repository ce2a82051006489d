"""`card.action.trigger`: somebody pressed a button of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from shared.feishu.presses import read_press
from shared.model.outcome import Ignored
from shared.store.decisions import Fate

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.model.outcome import Outcome
    from shared.model.press import Press
    from shared.store.records import Records
    from workers.handlers.again import Again
    from workers.policy.policy import Policy
    from workers.turn import Turn

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class PressHandler:
    """Does what the buttons of answers are for: stop, try again, answer again, allow, feedback."""

    def __init__(
        self,
        kept: Records,
        again: Again,
        policy: Policy,
        count: Callable[[str], None],
    ) -> None:
        """`count` counts a verdict, `up` or `down`."""
        self._notices = kept.notices
        self._dead_letters = kept.dead_letters
        self._decisions = kept.decisions
        self._again = again
        self._policy = policy
        self._count = count

    async def handle(self, turn: Turn) -> Outcome:
        """Follow a press of a button of ours.

        Raises:
            StoreUnavailable, FeishuUnavailable, FeishuRateLimited: it is to come again.
            MalformedEvent: it is none.
        """
        mail = turn.mails[0]
        press = read_press(mail.payload)
        if press is None:
            return Ignored("not_ours")
        done = await self._followed(press, turn)
        return Ignored(press.act if done else f"{press.act}_too_late")

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for more than the toast of a press."""

    async def _followed(self, press: Press, turn: Turn) -> bool:
        match press.act:
            case "stop":
                return await self._notices.stop(press.conversation, press.question)
            case "retry":
                return (
                    press.letter is not None and await self._dead_letters.replay(press.letter) > 0
                )
            case "again":
                return await self._again.ask(press.question, press.conversation, turn.mails[0])
            case "allow" | "deny":
                return await self._decided(press)
            case "up" | "down":
                self._count(press.act)
                log.info("feedback", verdict=press.act, question=press.question, by=press.by)
                return True

    async def _decided(self, press: Press) -> bool:
        fate = await self._decisions.decide(
            press.question,
            press.conversation,
            press.ask,
            allow=press.act == "allow",
            by=press.by,
            for_others=self._policy.is_admin(press.by),
        )
        log.info("leave.pressed", fate=str(fate), question=press.question, by=press.by)
        return fate is Fate.DECIDED
