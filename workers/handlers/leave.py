"""Leave to do what a model does only when somebody allows it: asked for, waited for, given."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import MalformedEvent, NewerFormat
from shared.feishu.messages import read_message
from shared.feishu.words import WORDS
from shared.model.outcome import Deferred, Ignored
from shared.store.mailbox import decode
from workers.handlers.hearing import ALLOW, DENY
from workers.interruptions import STOPPED
from workers.responders import kept

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.model.language import Language
    from shared.model.message import MessageReceived
    from shared.store.decisions import Decisions
    from shared.store.notices import Notices
    from workers.handlers.hearing import Hearing
    from workers.handlers.question import Question
    from workers.replies.reply import Reply
    from workers.responders.responder import Pause
    from workers.turn import Turn

_LOOK_EVERY: Final = 10.0
"""Seconds after which a word that stands behind the question in its mailbox is heard."""

_BEHIND: Final = 20  # messages behind the question that are looked at

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Leave:
    """Waits for decisions without holding a place: the turn ends, and another one looks again.

    A press lets it go on at once. What nobody has decided within `seconds` is denied.
    """

    feishu: Feishu
    decisions: Decisions
    notices: Notices
    hearing: Hearing
    seconds: float

    async def ask(self, turn: Turn, question: Question, pause: Pause, reply: Reply) -> Deferred:
        """Show what is asked for, once; say when to look again."""
        if not pause.shown:
            to = question.to
            await self.decisions.expect(to.message_id, to.sender, seconds=self.seconds + 60)
            await reply.ask(pause.progress, pause.asks)
            shown = kept.to_bytes(replace(pause, shown=True))
            await turn.keep_answer(shown, question=to.message_id)
            log.info("leave.asked", tools=[each.tool for each in pause.asks])
        return Deferred(_LOOK_EVERY, "waits for leave", tried=False)

    async def look(
        self, turn: Turn, question: Question, pause: Pause, reply: Reply, language: Language
    ) -> dict[str, bool] | Deferred | Ignored:
        """Return what was decided about every ask; or, if that is not all, how the turn ends."""
        decided = await self.decisions.of(question.to.message_id)
        open_asks = [each.id for each in pause.asks if each.id not in decided]
        if open_asks:
            word = await self._word(turn, question)
            if word == STOPPED:
                await reply.stop(WORDS[language].stopped)
                return Ignored(STOPPED, question.done)
            late = time.time() > pause.since + self.seconds
            if not word and not late:
                return await self.ask(turn, question, pause, reply)
            decided |= dict.fromkeys(open_asks, word == ALLOW)
        log.info("leave.decided", allowed=sum(decided.values()), asked=len(pause.asks))
        return {each.id: decided[each.id] for each in pause.asks}

    async def _word(self, turn: Turn, question: Question) -> str:
        """Return the first word on it that was said since: where there are no buttons, or aloud."""
        first = len(turn.mails)
        entries = await self.notices.mail(turn.conversation, first=first, last=first + _BEHIND - 1)
        bot = await self.feishu.bot()
        for message in _readable(entries):
            if not self.hearing.heeds(message, bot):
                continue
            if self.hearing.stops(message, bot):
                return STOPPED
            said = self.hearing.says(message, bot)
            if said in (ALLOW, DENY) and message.sender == question.to.sender:
                return said
        return ""


def _readable(entries: list[bytes]) -> list[MessageReceived]:
    messages = []
    for entry in entries:
        try:
            messages.append(read_message(decode(entry).payload))
        except (MalformedEvent, NewerFormat):  # its turn sees to it
            continue
    return messages
