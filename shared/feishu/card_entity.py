"""A card on the platform, and what changes it.

https://open.feishu.cn/document/cardkit-v1/streaming-updates-openapi-overview
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final

import orjson

from shared.errors import FeishuRejected, LeaseLost
from shared.feishu.call import Call, Priority
from shared.feishu.cards import ANSWER, described
from shared.feishu.refusals import OUTPACED, STREAMING_ENDED
from shared.feishu.retries import retried

if TYPE_CHECKING:
    from shared.feishu.cards import Card
    from shared.feishu.client import Feishu
    from shared.model.ids import CardId

_CARD: Final = "/open-apis/cardkit/v1/cards/:card_id"
_SETTINGS: Final = f"{_CARD}/settings"
CONTENT: Final = f"{_CARD}/elements/:element_id/content"

_CHANGES: Final = 1_000_000
"""More than one generation makes of a card."""


class CardEntity:
    """A card as the writer of one generation has it.

    Every try at a change bears a higher sequence than all before, whoever made them; so the first
    change of a generation shuts the earlier ones out, and a try whose answer was lost can simply
    be repeated. Every change raises LeaseLost if a later generation writes the card, and what
    `Feishu` raises.
    """

    api: Final = f"PUT {CONTENT}"

    def __init__(self, feishu: Feishu, card_id: CardId, *, generation: int) -> None:
        self._feishu = feishu
        self._ids = {"card_id": card_id, "element_id": ANSWER}
        self._sequence = count(generation * _CHANGES + 1)

    async def write(self, text: str, priority: Priority = Priority.REVISION) -> None:
        """Have the answer typed on to this text, 1 to 100,000 characters. Tries once.

        Where the platform has ended the streaming, which it does after 10 minutes, it is switched
        on again.
        """
        try:
            await self._change("PUT", CONTENT, priority, content=text)
        except FeishuRejected as refused:
            if refused.code not in STREAMING_ENDED:
                raise
            await self._stream(priority, on=True)
            await self._change("PUT", CONTENT, priority, content=text)

    async def replace(self, card: Card) -> None:
        """Show another card instead, which streams or not as it says."""
        given, priority = described(card), priority_of(card)
        await retried(lambda: self._change("PUT", _CARD, priority, card=given))
        # Nothing says that a replaced config begins or ends streaming; settings do.
        await self._stream(priority, on=card["config"]["streaming_mode"])

    async def _stream(self, priority: Priority, *, on: bool) -> None:
        settings = orjson.dumps({"config": {"streaming_mode": on}}).decode()
        await retried(lambda: self._change("PATCH", _SETTINGS, priority, settings=settings))

    async def _change(self, method: str, api: str, priority: Priority, **asked: Any) -> None:
        """Make a change. Outpaced once, it may be by its own echo; twice, by another writer.

        A PUT whose connection broke is repeated by the HTTP client, as it was.
        """
        for is_last in (False, True):
            body = {**asked, "sequence": next(self._sequence)}
            try:
                await self._feishu.perform(
                    Call(method, api, self._ids, body=body, priority=priority)
                )
            except FeishuRejected as refused:
                if refused.code != OUTPACED:
                    raise
                if is_last:
                    raise LeaseLost("Another worker writes this card.") from refused
            else:
                return


def priority_of(card: Card) -> Priority:
    """A card that streams is one of the first states of an answer, any other one the last."""
    return Priority.FIRST if card["config"]["streaming_mode"] else Priority.FINAL
