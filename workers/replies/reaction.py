"""An emoji on the question, which says at once that it was seen."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import FeishuRejected, TransientError
from shared.feishu.call import Call
from shared.feishu.quota import Spending

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shared.feishu.client import Feishu
    from shared.model.ids import MessageId
    from shared.settings import Reply as ReplySettings

_REACTIONS: Final = "/open-apis/im/v1/messages/:message_id/reactions"

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@asynccontextmanager
async def seen(feishu: Feishu, settings: ReplySettings, question: MessageId) -> AsyncIterator[None]:
    """Show the emoji of the settings while the block runs, and the other one when it has ended.

    It costs two calls or three, so there is none while calls are to be saved. A block that is
    cancelled leaves it: another worker goes on. It is a courtesy, and delays nothing.
    """
    if settings.reaction is None or feishu.quota.spending is not Spending.FREELY:
        yield
        return
    adding = asyncio.create_task(_add(feishu, question, settings.reaction), name="reaction")
    try:
        yield
    except asyncio.CancelledError:
        adding.cancel()
        raise
    finally:
        if not adding.cancelling():
            await _end(feishu, question, await adding, settings.reaction_done)


async def _end(feishu: Feishu, question: MessageId, reaction: str, done: str | None) -> None:
    if reaction:
        await _remove(feishu, question, reaction)
    if done is not None:
        await _add(feishu, question, done)


async def _add(feishu: Feishu, question: MessageId, emoji: str) -> str:
    """Return the id of the reaction, empty if it could not be had."""
    body = {"reaction_type": {"emoji_type": emoji}}
    try:
        answer = await feishu.perform(Call("POST", _REACTIONS, {"message_id": question}, body=body))
    except (FeishuRejected, TransientError) as fault:
        log.warning("reaction.not_added", reason=str(fault))
        return ""
    reaction: str = answer["data"]["reaction_id"]
    return reaction


async def _remove(feishu: Feishu, question: MessageId, reaction: str) -> None:
    ids = {"message_id": question, "reaction_id": reaction}
    try:
        await feishu.perform(Call("DELETE", f"{_REACTIONS}/:reaction_id", ids))
    except (FeishuRejected, TransientError) as fault:
        log.warning("reaction.not_removed", reason=str(fault))
