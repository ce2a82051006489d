"""What a model remembers of a conversation: as much as fits, and a summary of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from shared.errors import ModelRefused, ModelUnavailable
from shared.model.ids import history_of
from shared.model.prompt import Prompt
from workers.responders.exchange import in_words, read, written
from workers.responders.responder import Answer, Query
from workers.responders.trimming import fitting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from shared.model.ids import ChatId, ConversationId, HistoryId, OpenId
    from shared.model.usage import Usage
    from shared.settings import History as HistorySettings
    from shared.store.history import History
    from workers.responders.responder import Responder

_ASKED: Final = (
    "Sum up this conversation for yourself, in at most 200 words, in its own language: what was"
    " asked and answered, names, numbers, decisions, and what is still open.\n\n"
)
_SUMMED_UP: Final = "[What was said before, summed up]"
_INSTRUCTIONS: Final = "You sum up conversations. Write the summary and nothing else."

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Grown(NamedTuple):
    """What a history is to grow by; or, if it begins `afresh`, what it is to hold."""

    exchanges: tuple[bytes, ...]
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """Reads a history as far as it fits, and says how it grows. It is written by `settle` alone."""

    history: History
    settings: HistorySettings
    responder: Responder
    count: Callable[[str, OpenId, ChatId, Sequence[Usage]], Awaitable[object]]

    def whose(self, conversation: ConversationId, user: OpenId) -> HistoryId:
        """Return whose past a user's message in a conversation belongs to."""
        return history_of(self.settings.scope, conversation, user)

    async def recall(self, whose: HistoryId) -> list[bytes]:
        """Return the newest exchanges that a model is shown, oldest first.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        return fitting(await self.history.read(whose), self.settings.tokens)

    async def grown(self, whose: HistoryId, query: Query, exchange: bytes) -> Grown:
        """Return what a history grows by after an answer; what no longer fits is summed up.

        A summary that cannot be had is done without, and what it was about is forgotten.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        if not exchange or not self.settings.summary:
            return Grown((exchange,) if exchange else ())
        everything = [*await self.history.read(whose), exchange]
        kept = fitting(everything, self.settings.tokens)
        left_out = everything[: len(everything) - len(kept)]
        if not left_out:
            return Grown((exchange,))
        # Half of the room, or there would be a summary after every answer from now on.
        kept = fitting(everything, self.settings.tokens // 2) or [exchange]
        left_out = everything[: len(everything) - len(kept)]
        try:
            summary = await self._summary(left_out, query)
        except (ModelUnavailable, ModelRefused) as fault:
            log.warning("summary.failed", reason=str(fault))
            return Grown((exchange,))
        log.info("history.summed_up", exchanges=len(left_out))
        return Grown((written(query.question, in_words(_SUMMED_UP, summary)), *kept), afresh=True)

    async def _summary(self, exchanges: Sequence[bytes], query: Query) -> str:
        said = [said for each in read(exchanges) for said in each.said]
        text = "\n".join(f"{each.role}: {each.content}" for each in said)
        asked = Query(
            Prompt(f"{_ASKED}{text}"),
            question=query.question,
            conversation=query.conversation,
            chat=query.chat,
            user=query.user,
            model=query.model,
            instructions=_INSTRUCTIONS,
        )
        answer = await self.responder.answer(asked, lambda _: None)
        key = f"{query.question}:summary"
        await self.count(key, query.user, query.chat, answer.usage)
        if not isinstance(answer, Answer):
            raise ModelRefused("a summary needs no tools")
        return answer.progress.text
