"""A turn's reply: its draft is the turn's, and it is sent under the turn's lease."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shared.model.draft import Draft
    from shared.model.target import Target
    from workers.replies.chosen import Replies
    from workers.replies.reply import Reply
    from workers.turn import Turn


@asynccontextmanager
async def reply_of(replies: Replies, turn: Turn, target: Target) -> AsyncIterator[Reply]:
    """Give the reply to a question, with what earlier turns have of it; see `Turn.adopt`."""
    await turn.adopt(target.question)

    async def keep(draft: Draft) -> None:
        await turn.keep(replace(draft, answer=turn.draft.answer), question=target.question)

    async with aclosing(replies.to(target, draft=turn.draft, keep=keep, sent=turn)) as reply:
        yield reply
