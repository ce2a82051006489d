"""A turn's reply: its draft is the turn's, and it is sent under the turn's lease."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shared.model.draft import Draft
    from shared.model.message import MessageReceived
    from workers.replies.chosen import Replies
    from workers.replies.reply import Reply
    from workers.turn import Turn


@asynccontextmanager
async def reply_of(replies: Replies, turn: Turn, message: MessageReceived) -> AsyncIterator[Reply]:
    """Give the reply to a message, with what earlier turns have of it; see `Turn.adopt`."""
    question = message.message_id
    await turn.adopt(question)

    async def keep(draft: Draft) -> None:
        await turn.keep(replace(draft, answer=turn.draft.answer), question=question)

    reply = replies.to(
        question,
        turn.conversation,
        in_thread=message.in_thread,
        draft=turn.draft,
        keep=keep,
        sent=turn,
    )
    async with aclosing(reply):
        yield reply
