"""Telling users who wait for long how many are ahead of them."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import LarkspurError, LeaseLost, MalformedEvent, NewerFormat, StoreUnavailable
from shared.model.draft import Draft
from shared.store.mailbox import decode
from workers.handlers.question import Question, asked, target_of
from workers.when_busy import TOGETHER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from shared.feishu.client import Feishu
    from shared.model.ids import MessageId
    from shared.model.mail import Mail
    from shared.store.positions import Position, Positions
    from workers.handlers.hearing import Hearing
    from workers.handlers.languages import Languages
    from workers.replies.chosen import Replies
    from workers.when_busy import WhenBusy

EVERY: Final = 1.0
"""Seconds between two looks of a worker, give or take a half: many workers spread out."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Usher:
    """Shows who has waited `after` seconds the card that their answer will be written into."""

    def __init__(
        self,
        positions: Positions,
        feishu: Feishu,
        replies: Replies,
        when_busy: WhenBusy,
        hearing: Hearing,
        languages: Languages,
        *,
        after: float,
    ) -> None:
        self._positions = positions
        self._feishu = feishu
        self._replies = replies
        self._when_busy = when_busy
        self._hearing = hearing
        self._languages = languages
        self._after = after

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            await asyncio.sleep(EVERY * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
            try:
                overdue = await self._positions.overdue(self._after, mail=TOGETHER)
            except StoreUnavailable as error:
                log.warning("positions.unread", reason=str(error))
                continue
            for position in overdue:
                await self._tell(position)

    async def _tell(self, position: Position) -> None:
        together = self._when_busy.together(position.conversation)
        try:
            mails, bot = _mails(position.entries), await self._feishu.bot()
            question = asked(mails, bot, self._hearing, together=together)
            if isinstance(question, Question):
                await self._show(question, position)
                log.info("position.shown", conversation=position.conversation, ahead=position.ahead)
        except LeaseLost:  # its turn has begun
            return
        except LarkspurError as error:  # it is a courtesy; the answer comes all the same
            log.warning("position.not_shown", reason=str(error))

    async def _show(self, question: Question, position: Position) -> None:
        """Show the card as the first draft of the turn to come."""
        target = target_of(
            question,
            position.conversation,
            in_thread=self._replies.in_thread,
            language=self._languages.said(question.to),
        )

        async def keep(draft: Draft) -> None:
            await self._positions.reserve(position.conversation, draft, question=target.question)

        reply = self._replies.to(
            target,
            draft=Draft(),
            keep=keep,
            sent=_Sending(),
        )
        await reply.wait(position.ahead)


class _Sending:
    """Sends: that nothing is sent twice under one key the platform sees to, for an hour."""

    async def once(self, _: str, send: Callable[[], Awaitable[MessageId]]) -> MessageId:
        return await send()


def _mails(entries: Sequence[bytes]) -> list[Mail]:
    try:
        return [decode(entry) for entry in entries]
    except (MalformedEvent, NewerFormat):  # its turn sees to it
        return []
