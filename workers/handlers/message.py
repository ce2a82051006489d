"""`im.message.receive_v1`: somebody wrote to the bot, or where it can read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from shared.errors import LarkspurError, LeaseLost, MessageGone, StoreUnavailable
from shared.feishu.words import WORDS
from shared.model.outcome import Abandoned, Ignored, Replied
from shared.model.progress import Progress
from workers.handlers.message_turn import MessageTurn
from workers.handlers.question import Question, Sent, Stop, asked, message_ids, target_of
from workers.interruptions import STOPPED
from workers.policy.admission import Admitted, Refused
from workers.policy.words import words
from workers.replies.by_turn import reply_of

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.model.language import Language
    from shared.model.outcome import Outcome
    from shared.model.target import Target
    from shared.store.notices import Notices
    from workers.handlers.hearing import Hearing
    from workers.handlers.languages import Languages
    from workers.handlers.mind import Mind
    from workers.handlers.question import Asked
    from workers.policy.policy import Policy
    from workers.replies.chosen import Replies
    from workers.replies.reply import Reply
    from workers.turn import Turn
    from workers.when_busy import WhenBusy

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MessageHandler:
    """Answers what is addressed to the bot by a person, and runs the errands it is sent on."""

    feishu: Feishu
    replies: Replies
    hearing: Hearing
    policy: Policy
    mind: Mind
    notices: Notices
    when_busy: WhenBusy
    languages: Languages

    async def handle(self, turn: Turn) -> Outcome:
        """Answer a turn's messages together, or say why not.

        Raises:
            TransientError, PermanentError: of Feishu, the model or Redis.
        """
        asked = await self._asked(turn)
        if isinstance(asked, Ignored | Abandoned):
            return asked
        language = await self.languages.of(asked.to, turn.conversation)
        refused = await self._refused(asked)
        if refused is not None and not refused.told:
            return Ignored(refused.reason, asked.done)
        target = self._target(turn, asked, language)
        if refused is not None:
            target = replace(target, offers=False)
        structlog.contextvars.bind_contextvars(message_id=target.question)
        try:
            async with reply_of(self.replies, turn, target) as reply:
                if refused is not None:
                    await reply.finish(Progress(words(refused.reason, language)))
                    return Ignored(refused.reason, asked.done)
                return await self._done(turn, asked, reply, target)
        except MessageGone as gone:
            log.info("question.gone", reason=str(gone))
            return Ignored("question_gone", asked.done)

    async def apologise(self, turn: Turn) -> None:
        """Tell the user that no answer will come, and offer to try again."""
        try:
            asked = await self._asked(turn)
            if isinstance(asked, Question | Sent):
                language = await self.languages.of(asked.to, turn.conversation)
                target = self._target(turn, asked, language)
                async with reply_of(self.replies, turn, target) as reply:
                    await reply.fail(turn.letter)
        except (LeaseLost, StoreUnavailable):
            raise
        except LarkspurError as error:
            log.warning("apology.failed", reason=str(error))

    async def _asked(self, turn: Turn) -> Asked:
        """Read the turn's messages; only those that are still there ask anything."""
        bot = await self.feishu.bot()
        together = self.when_busy.together(turn.conversation)
        found = asked(turn.mails, bot, self.hearing, together=together)
        if isinstance(found, Ignored | Abandoned | Stop):
            return found
        recalled = await self.notices.recalled(message_ids(turn.mails))
        if not recalled:
            return found
        return asked(turn.mails, bot, self.hearing, together=together, recalled=recalled)

    async def _refused(self, asked: Question | Stop | Sent) -> Refused | None:
        """Return why nobody who asks is to be answered, None if somebody is."""
        refused: Refused | None = None
        again = asked.again if isinstance(asked, Question) else ""
        for message in asked.asking if isinstance(asked, Question) else [asked.to]:
            ruling = await self.policy.admit(message, again=again)
            if isinstance(ruling, Admitted):
                return None
            refused = ruling
        return refused

    def _target(self, turn: Turn, asked: Question | Stop | Sent, language: Language) -> Target:
        in_thread = self.replies.in_thread
        return target_of(asked, turn.conversation, in_thread=in_thread, language=language)

    async def _done(
        self, turn: Turn, asked: Question | Stop | Sent, reply: Reply, target: Target
    ) -> Outcome:
        match asked:
            case Stop():
                await reply.stop(WORDS[target.language].stopped)
                return Ignored(STOPPED, asked.done)
            case Sent():
                return await self._run(turn, asked, reply, target)
            case Question():
                async with self.replies.seen(target.question):
                    return await self.mind.answer(turn, asked, reply, target.language)

    async def _run(self, turn: Turn, sent: Sent, reply: Reply, target: Target) -> Outcome:
        """Run an errand, and say what it has to say."""
        bot = await self.feishu.bot()
        log.info("errand.begun", errand=sent.errand.name)
        mail = turn.mails[sent.done - 1]
        errand = MessageTurn(turn, mail, sent.to, bot, reply, self.mind, target.language)
        done = await sent.errand.run(errand)
        if not (said := f"{errand.said}\n\n{done.says}".strip()):
            return Ignored(f"errand {sent.errand.name}", sent.done)
        message = await reply.finish(Progress(said))
        return Replied(message, (), sent.done, errand.history, done.afresh)
