"""The calls the bot makes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson

from shared.errors import CardRefused, CredentialsRejected, FeishuRejected, NoSuchApi
from shared.feishu.cards import described
from shared.feishu.refusals import BAD_TOKEN, UNSHOWABLE
from shared.feishu.retries import retried
from shared.feishu.tokens import TenantTokens
from shared.model.ids import CardId, MessageId, OpenId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.feishu.cards import Card
    from shared.feishu.transport import Transport
    from shared.model.ids import AppId
    from shared.settings import Feishu as FeishuSettings


class Feishu:
    """The Open API as one app.

    Every call raises FeishuUnavailable, FeishuRateLimited or FeishuRejected. Those that send or
    create try again in place first (`shared/feishu/retries.py`).
    """

    def __init__(self, transport: Transport, settings: FeishuSettings) -> None:
        self.app_id: AppId = settings.app_id
        self._transport = transport
        self._tokens = TenantTokens(transport, settings)
        self._bot: OpenId | None = None

    async def bot(self) -> OpenId:
        """Return the bot's own open_id, asked for once per process."""
        if self._bot is None:
            answer = await self.call("GET", "/open-apis/bot/v3/info")
            self._bot = OpenId(answer["bot"]["open_id"])
        return self._bot

    async def reply_text(
        self, to: MessageId, text: str, *, part: str, in_thread: bool
    ) -> MessageId:
        """Answer a message, at most once within an hour for the same (message, part).

        https://open.feishu.cn/document/server-docs/im-v1/message/reply
        """
        return await self._reply(to, "text", {"text": text}, part=part, in_thread=in_thread)

    async def reply_card(
        self, to: MessageId, card_id: CardId, *, part: str, in_thread: bool
    ) -> MessageId:
        """Answer with a card, as `reply_text` does. A card can be shown by one message only.

        Raises:
            CardRefused: it is shown already, or cannot be; a text might do.
        """
        content = {"type": "card", "data": {"card_id": card_id}}
        try:
            return await self._reply(to, "interactive", content, part=part, in_thread=in_thread)
        except FeishuRejected as refused:
            if refused.code in UNSHOWABLE:
                raise CardRefused(str(refused)) from refused
            raise

    async def create_card(self, card: Card) -> CardId:
        """Create a card that no message shows yet; a lost answer leaves one that none ever will.

        https://open.feishu.cn/document/cardkit-v1/card/create

        Raises:
            CardRefused: the app may not, or this is no platform with cards.
        """
        path, given = "/open-apis/cardkit/v1/cards", described(card)
        try:
            answer = await retried(lambda: self.call("POST", path, given))
        except CredentialsRejected:
            raise
        except (FeishuRejected, NoSuchApi) as refused:
            raise CardRefused(str(refused)) from refused
        return CardId(answer["data"]["card_id"])

    async def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Call once with the app's token; one that is refused is replaced once."""
        token = await self._tokens.current()
        try:
            return await self._transport.call(method, path, body=body, token=token)
        except FeishuRejected as refused:
            if refused.code not in BAD_TOKEN:
                raise
        self._tokens.refuse(token)
        token = await self._tokens.current()
        return await self._transport.call(method, path, body=body, token=token)

    async def _reply(
        self, to: MessageId, kind: str, content: dict[str, Any], *, part: str, in_thread: bool
    ) -> MessageId:
        """Every try has the same uuid, so one whose answer was lost finds the message it made."""
        path = f"/open-apis/im/v1/messages/{to}/reply"
        body = {
            "msg_type": kind,
            "content": orjson.dumps(content).decode(),
            "reply_in_thread": in_thread,
            "uuid": idempotency_key(self.app_id, to, part),
        }
        answer = await retried(lambda: self.call("POST", path, body))
        return MessageId(answer["data"]["message_id"])


def idempotency_key(app_id: AppId, message: MessageId, part: str) -> str:
    """Return the `uuid` of a send: the same for every try by any worker, 32 characters of 50."""
    return hashlib.blake2b(f"{app_id} {message} {part}".encode(), digest_size=16).hexdigest()
