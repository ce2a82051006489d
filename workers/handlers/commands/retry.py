"""`/retry`: what was given up is tried again, else the last answer is written anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from shared.model.ids import MessageId
from workers.handlers.errand import Done
from workers.responders.exchange import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.language import Language
    from shared.store.dead_letters import DeadLetters
    from shared.store.history import History
    from workers.handlers.again import Again
    from workers.handlers.message_turn import MessageTurn

_NOTHING: Final = {"en": "There is nothing to try again.", "zh": "没有可以重试的内容。"}
_TRIES: Final = {"en": "I try again.", "zh": "好的，我再试一次。"}


@dataclass(frozen=True, slots=True)
class Retry:
    dead_letters: DeadLetters
    history: History
    again: Again

    name = "retry"
    synopsis = "/retry"
    admins = False
    about: ClassVar[Mapping[Language, str]] = {
        "en": "try again what failed, or answer the last question anew",
        "zh": "重试失败的消息，或重新回答上一个问题",
    }

    async def run(self, turn: MessageTurn, _: str) -> Done:
        done = await self._replayed(turn) or await self._asked_again(turn)
        return Done((_TRIES if done else _NOTHING)[turn.language])

    async def _replayed(self, turn: MessageTurn) -> bool:
        """Put the newest dead letter of this conversation back into its mailbox."""
        letter = await self.dead_letters.newest_of(turn.conversation)
        return letter is not None and await self.dead_letters.replay(letter) > 0

    async def _asked_again(self, turn: MessageTurn) -> bool:
        exchanges = read(await self.history.read(turn.history))
        if not exchanges or not exchanges[-1].question:
            return False
        question = MessageId(exchanges[-1].question)
        return await self.again.ask(question, turn.conversation, turn.turn.mails[0])
