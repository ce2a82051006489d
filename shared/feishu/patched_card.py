"""A card that its message holds, and that is changed by patching the message.

https://open.feishu.cn/document/server-docs/im-v1/message-card/patch
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from shared.feishu.call import Call, Priority
from shared.feishu.card_entity import priority_of
from shared.feishu.retries import retried

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.feishu.cards import Card
    from shared.feishu.client import Feishu
    from shared.model.ids import MessageId

API: Final = "/open-apis/im/v1/messages/:message_id"


class PatchedCard:
    """A card where there is no cardkit. Nothing tells two writers apart but their leases."""

    api: Final = f"PATCH {API}"

    def __init__(self, feishu: Feishu, message: MessageId, frame: Callable[[str], Card]) -> None:
        """`frame` returns the card that shows a growing text."""
        self._feishu = feishu
        self._ids = {"message_id": message}
        self._frame = frame

    async def write(self, text: str, priority: Priority = Priority.REVISION) -> None:
        """Show this text. Tries once."""
        await self._patch(self._frame(text), priority)

    async def replace(self, card: Card) -> None:
        """Show another card instead."""
        await retried(lambda: self._patch(card, priority_of(card)))

    async def _patch(self, card: Card, priority: Priority) -> None:
        body = {"content": orjson.dumps(card).decode()}
        await self._feishu.perform(Call("PATCH", API, self._ids, body=body, priority=priority))
