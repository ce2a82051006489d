"""`im.message.receive_v1`: somebody wrote to the bot, or where it can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import LarkspurError, LeaseLost, MalformedEvent, StoreUnavailable
from shared.feishu.messages import read_message
from shared.model.outcome import Abandoned, Ignored, Replied
from workers.handlers.question import Question, Stop, asked, is_asking, is_stop
from workers.interruptions import STOPPED
from workers.replies.by_turn import reply_of
from workers.responders.responder import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.feishu.client import Feishu
    from shared.model.ids import OpenId
    from shared.model.mail import Mail
    from shared.model.outcome import Outcome
    from shared.store.history import History
    from workers.interruptions import Interruptions
    from workers.replies.chosen import Replies
    from workers.replies.reply import Reply
    from workers.responders.responder import Responder
    from workers.turn import Turn
    from workers.when_busy import WhenBusy

INTERRUPTED: Final = "interrupted"
_WORDS: Final = {
    STOPPED: "已停止。Stopped.",
    INTERRUPTED: "已让位给新消息。Interrupted by a newer message.",
}

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class MessageHandler:
    """Answers what is addressed to the bot by a person."""

    def __init__(
        self,
        feishu: Feishu,
        replies: Replies,
        responder: Responder,
        history: History,
        interruptions: Interruptions,
        when_busy: WhenBusy,
    ) -> None:
        self._feishu = feishu
        self._replies = replies
        self._responder = responder
        self._history = history
        self._interruptions = interruptions
        self._when_busy = when_busy

    async def handle(self, turn: Turn) -> Outcome:
        """Answer a turn's messages together, or say why not.

        Raises:
            TransientError, PermanentError: of Feishu, the model or Redis.
        """
        bot = await self._feishu.bot()
        match self._asked(turn, bot):
            case Question() as question:
                structlog.contextvars.bind_contextvars(message_id=question.to.message_id)
                async with reply_of(self._replies, turn, question.to) as reply:
                    return await self._replied(turn, question, reply, bot)
            case Stop(message, done):
                async with reply_of(self._replies, turn, message) as reply:
                    await reply.stop(_WORDS[STOPPED])
                return Ignored(STOPPED, done)
            case outcome:
                return outcome

    async def apologise(self, turn: Turn) -> None:
        """Tell the user that no answer will come, and offer to try again."""
        try:
            question = self._asked(turn, await self._feishu.bot())
            if isinstance(question, Question):
                async with reply_of(self._replies, turn, question.to) as reply:
                    await reply.fail(turn.letter)
        except (LeaseLost, StoreUnavailable):
            raise
        except LarkspurError as error:
            log.warning("apology.failed", reason=str(error))

    def _asked(self, turn: Turn, bot: OpenId) -> Question | Stop | Ignored | Abandoned:
        return asked(turn.mails, bot, together=self._when_busy.together(turn.conversation))

    async def _replied(self, turn: Turn, question: Question, reply: Reply, bot: OpenId) -> Outcome:
        """Have the question answered, unless an earlier turn has an answer; send it."""
        if turn.draft.answer:
            answer = Answer.from_bytes(turn.draft.answer)
        else:
            await reply.open()
            past = await self._history.read(turn.conversation)
            async with self._interruptions.of(turn, self._hears(turn, bot)) as interruption:
                answer = await self._responder.answer(question.prompt, past, reply.revise)
            if interruption.reason:
                await reply.stop(_WORDS[interruption.reason])
                return Ignored(interruption.reason, question.done)
            await turn.keep_answer(answer.to_bytes(), question=question.to.message_id)
        message = await reply.finish(answer.text)
        return Replied(message, answer.exchange, question.done)

    def _hears(self, turn: Turn, bot: OpenId) -> Callable[[Mail], str]:
        """Return what tells whether mail that came meanwhile ends this turn, and why."""
        gives_way = self._when_busy.of(turn.conversation) == "interrupt"

        def hears(mail: Mail) -> str:
            try:
                message = read_message(mail.payload)
            except MalformedEvent:  # it is a dead letter in its turn
                return ""
            if is_stop(message, bot):
                return STOPPED
            return INTERRUPTED if gives_way and is_asking(message, bot) else ""

        return hears
