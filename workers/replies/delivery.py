"""The messages of one answer on their way: each once, to its question or at least to its chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import structlog

from shared.errors import MessageGone
from shared.feishu.client import idempotency_key

if TYPE_CHECKING:
    from shared.feishu.call import Priority
    from shared.feishu.client import Feishu
    from shared.feishu.sendable import Sendable
    from shared.model.ids import MessageId
    from shared.model.target import Target
    from workers.replies.reply import Sent

WhenGone = Literal["drop", "send"]

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Delivery:
    """Sends the parts of an answer. `when_gone` is for a question that was recalled."""

    def __init__(
        self, feishu: Feishu, target: Target, sent: Sent, *, when_gone: WhenGone = "drop"
    ) -> None:
        self.target = target
        self._feishu = feishu
        self._sent = sent
        self._when_gone = when_gone

    async def send(self, what: Sendable, *, part: str, priority: Priority) -> MessageId:
        """Send a part, unless it was sent before; return the message.

        Raises:
            MessageGone: the question is gone, and the answer is to be dropped then.
            LeaseLost, StoreUnavailable, CardRefused: nothing was sent.
        """
        key = idempotency_key(self._feishu.app_id, self.target.question, part)
        return await self._sent.once(key, lambda: self._say(what, part, priority))

    async def _say(self, what: Sendable, part: str, priority: Priority) -> MessageId:
        try:
            return await self._feishu.reply(self.target, what, part=part, priority=priority)
        except MessageGone as gone:
            if self._when_gone == "drop":
                raise
            log.info("question.gone", reason=str(gone))
        return await self._feishu.create(self.target, what, part=part, priority=priority)
