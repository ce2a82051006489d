"""Feishu as a handler of the team's has it: what it sends is sent once, however often tried."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.feishu import sendable
from shared.feishu.client import idempotency_key
from shared.feishu.markdown.shown import posts
from shared.feishu.texts import outgoing
from shared.model.ids import MessageId
from shared.model.receiver import receiver_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from lark_oapi.core.model import BaseRequest, BaseResponse

    from shared.feishu.call import Call
    from shared.feishu.cards import Card
    from shared.feishu.client import Feishu
    from shared.feishu.sendable import Sendable
    from shared.model.ids import OpenId
    from workers.turn import Turn


class BoundFeishu:
    """The Open API, bound to the event that a turn is about.

    A turn may be tried again, by another worker too. What was sent then is recognised by its
    event, its receiver, and how many were sent to that receiver before it: so a handler is to send
    the same in every try, and what it sends to different receivers in any order.

    `to` is an open_id, a union_id, a chat_id, an e-mail address, or else a user_id. All that send
    return the first of the messages that the words needed, and raise as `Feishu` does, LeaseLost
    when the turn is another worker's by now, and ValueError for a `to` that is nobody's.
    """

    def __init__(self, feishu: Feishu, turn: Turn, about: str) -> None:
        """`about` is the id of the event."""
        self.api = feishu
        self._turn = turn
        self._about = about
        self._sent: Counter[str] = Counter()

    async def send_text(self, to: str, text: str) -> MessageId:
        """Say some words as they are."""
        return await self._send(to, [sendable.text(each) for each in outgoing(text)])

    async def send(self, to: str, markdown: str) -> MessageId:
        """Say some Markdown."""
        return await self._send(to, [sendable.post(each) for each in posts(markdown)])

    async def send_card(self, to: str, card: Card) -> MessageId:
        """Show a card, JSON 2.0 or older.

        Raises:
            CardRefused: no card can be shown there, or not this one.
        """
        return await self._send(to, [sendable.card(card)])

    async def reply_text(self, message_id: str, text: str) -> MessageId:
        """Reply to a message with some words as they are.

        Raises:
            MessageGone: there is no such message any more.
        """
        message = MessageId(message_id)

        def reply(what: Sendable, key: str) -> Awaitable[MessageId]:
            return self.api.comment(message, what, key=key)

        return await self._once(message_id, [sendable.text(each) for each in outgoing(text)], reply)

    async def call(self, request: BaseRequest) -> BaseResponse:
        """Make a call that the official SDK can describe; see `Feishu.call`. It may come twice."""
        return await self.api.call(request)

    async def perform(self, call: Call) -> dict[str, Any]:
        """Make a call; see `Feishu.perform`. It may come twice."""
        return await self.api.perform(call)

    async def bot(self) -> OpenId:
        """Return the bot's own open_id."""
        return await self.api.bot()

    async def _send(self, to: str, messages: Sequence[Sendable]) -> MessageId:
        receiver = receiver_of(to)

        def send(what: Sendable, key: str) -> Awaitable[MessageId]:
            return self.api.send(receiver, what, key=key)

        return await self._once(to, messages, send)

    async def _once(
        self,
        to: str,
        messages: Sequence[Sendable],
        send: Callable[[Sendable, str], Awaitable[MessageId]],
    ) -> MessageId:
        keyed = [(each, self._key(to)) for each in messages]  # before anything else is awaited
        sent = [await self._turn.once(key, partial(send, what, key)) for what, key in keyed]
        return sent[0]

    def _key(self, to: str) -> str:
        self._sent[to] += 1
        return idempotency_key(self.api.app_id, self._about, f"{to} {self._sent[to]}")
