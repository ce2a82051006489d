"""Answering a question: what it asks, what was said before, the responder, leave, the reply."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import MalformedEvent, ModelRefused
from shared.feishu.messages import read_message
from shared.feishu.words import WORDS
from shared.model.outcome import Ignored, Replied
from shared.model.prompt import Prompt
from workers.interruptions import STOPPED
from workers.responders import kept
from workers.responders.responder import Answer, Pause, Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.feishu.client import Feishu
    from shared.model.ids import OpenId
    from shared.model.language import Language
    from shared.model.mail import Mail
    from shared.model.outcome import Outcome
    from shared.store.choices import Choices
    from shared.telemetry.turns import TurnMetrics
    from workers.handlers.hearing import Hearing
    from workers.handlers.leave import Leave
    from workers.handlers.memory import Memory
    from workers.handlers.question import Question
    from workers.handlers.reading import Reader
    from workers.interruptions import Interruptions
    from workers.policy.policy import Policy
    from workers.replies.reply import Reply
    from workers.responders.responder import Responder
    from workers.turn import Turn
    from workers.when_busy import WhenBusy

INTERRUPTED: Final = "interrupted"

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mind:
    """Has questions answered, each once, whatever happens meanwhile."""

    feishu: Feishu
    responder: Responder
    reader: Reader
    memory: Memory
    choices: Choices
    policy: Policy
    hearing: Hearing
    interruptions: Interruptions
    when_busy: WhenBusy
    leave: Leave
    metrics: TurnMetrics

    async def answer(
        self, turn: Turn, question: Question, reply: Reply, language: Language
    ) -> Outcome:
        """Have a question answered, unless an earlier turn has the answer; send it.

        Raises:
            TransientError, PermanentError: of Feishu, the model or Redis.
        """
        before = kept.from_bytes(turn.draft.answer) if turn.draft.answer else None
        match before:
            case Answer():
                reached: Answer | Pause | Ignored = before
            case Pause():
                decided = await self.leave.look(turn, question, before, reply, language)
                if not isinstance(decided, dict):
                    return decided
                query = await self._query(turn, question, before, decided)
                reached = await self._reached(turn, question, reply, query, language)
            case None:
                query = await self._query(turn, question, None, {})
                reached = await self._reached(turn, question, reply, query, language)
        match reached:
            case Ignored():
                return reached
            case Pause():
                return await self.leave.ask(turn, question, reached, reply)
            case Answer():
                at_once = not isinstance(before, Pause)  # nobody was asked for leave
                return await self._answered(turn, question, reply, reached, at_once=at_once)

    async def _answered(
        self, turn: Turn, question: Question, reply: Reply, answer: Answer, *, at_once: bool
    ) -> Replied:
        message = await reply.finish(answer.progress)
        if at_once:
            self.metrics.answered(turn.mails[0].received_at)
        to = question.to
        whose = self.memory.whose(turn.conversation, to.sender)
        query = Query(
            Prompt(""),
            question=to.message_id,
            conversation=turn.conversation,
            chat=to.chat_id,
            user=to.sender,
        )
        grown = await self.memory.grown(whose, query, answer.exchange)
        return Replied(message, grown.exchanges, question.done, whose, grown.afresh)

    async def ask(self, query: Query, *, key: str) -> str:
        """Ask something beside any conversation; return the answer's text.

        What it takes is counted once for each `key`.

        Raises:
            ModelUnavailable: later, perhaps.
            ModelRefused: never, or not without leave, which is not asked for here.
        """
        answer = await self.responder.answer(query, lambda _: None)
        await self.policy.count(key, query.user, query.chat, answer.usage)
        if isinstance(answer, Pause):
            raise ModelRefused(f"{answer.asks[0].tool} needs leave, and nobody is asked for it")
        return answer.progress.text

    async def _reached(
        self,
        turn: Turn,
        question: Question,
        reply: Reply,
        query: Query,
        language: Language,
    ) -> Answer | Pause | Ignored:
        """Ask the responder, and keep what it came to before anybody sees it."""
        await reply.open()
        if turn.draft.cards and turn.attempt == 1 and not query.kept:
            self.metrics.shown(turn.mails[0].received_at)
        bot = await self.feishu.bot()
        async with self.interruptions.of(turn, self._hears(turn, bot)) as interruption:
            reached = await self.responder.answer(query, reply.revise)
        if interruption.reason:
            words, stopped = WORDS[language], interruption.reason == STOPPED
            await reply.stop(words.stopped if stopped else words.interrupted)
            return Ignored(interruption.reason, question.done)
        to = question.to
        if isinstance(reached, Pause):
            reached = replace(reached, since=time.time())
        log.info("answer.written", characters=len(reached.progress.text))
        await turn.keep_answer(kept.to_bytes(reached), question=to.message_id)
        key = f"{to.message_id}:{turn.lease.fence}"
        await self.policy.count(key, to.sender, to.chat_id, reached.usage)
        return reached

    async def _query(
        self,
        turn: Turn,
        question: Question,
        paused: Pause | None,
        decisions: dict[str, bool],
    ) -> Query:
        to = question.to
        past = await self.memory.recall(self.memory.whose(turn.conversation, to.sender))
        rules = self.policy.of(to.chat_id)
        prompt = Prompt("")  # a pause remembers its own
        if paused is None:
            prompt = await self.reader.prompt(question.asking, await self.feishu.bot())
        return Query(
            prompt,
            past,
            to.message_id,
            turn.conversation,
            to.chat_id,
            to.sender,
            await self.choices.of(to.chat_id) or rules.model,
            rules.instructions,
            paused.kept if paused else b"",
            decisions,
        )

    def _hears(self, turn: Turn, bot: OpenId) -> Callable[[Mail], str]:
        """Return what tells whether mail that came meanwhile ends this turn, and why."""
        gives_way = self.when_busy.of(turn.conversation) == "interrupt"

        def hears(mail: Mail) -> str:
            try:
                message = read_message(mail.payload)
            except MalformedEvent:  # it is a dead letter in its turn
                return ""
            if not self.hearing.heeds(message, bot):
                return ""
            if self.hearing.stops(message, bot):
                return STOPPED
            return INTERRUPTED if gives_way and self.hearing.asks(message, bot) else ""

        return hears
