"""The calls the bot makes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson

from shared.errors import FeishuRejected
from shared.feishu.refusals import BAD_TOKEN
from shared.feishu.tokens import TenantTokens
from shared.model.ids import MessageId, OpenId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.feishu.transport import Transport
    from shared.model.ids import AppId
    from shared.settings import Feishu as FeishuSettings


class Feishu:
    """The Open API as one app.

    Every call raises FeishuUnavailable, FeishuRateLimited or FeishuRejected.
    """

    def __init__(self, transport: Transport, settings: FeishuSettings) -> None:
        self._transport = transport
        self._tokens = TenantTokens(transport, settings)
        self._app_id: AppId = settings.app_id
        self._bot: OpenId | None = None

    async def bot(self) -> OpenId:
        """Return the bot's own open_id, asked for once per process."""
        if self._bot is None:
            answer = await self._call("GET", "/open-apis/bot/v3/info")
            self._bot = OpenId(answer["bot"]["open_id"])
        return self._bot

    async def reply_text(
        self, to: MessageId, text: str, *, part: str, in_thread: bool
    ) -> MessageId:
        """Answer a message, at most once within an hour for the same (message, part).

        https://open.feishu.cn/document/server-docs/im-v1/message/reply
        """
        answer = await self._call(
            "POST",
            f"/open-apis/im/v1/messages/{to}/reply",
            {
                "msg_type": "text",
                "content": orjson.dumps({"text": text}).decode(),
                "reply_in_thread": in_thread,
                "uuid": idempotency_key(self._app_id, to, part),
            },
        )
        return MessageId(answer["data"]["message_id"])

    async def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Call with the app's token; one that is refused is replaced once."""
        token = await self._tokens.current()
        try:
            return await self._transport.call(method, path, body=body, token=token)
        except FeishuRejected as refused:
            if refused.code not in BAD_TOKEN:
                raise
        self._tokens.refuse(token)
        token = await self._tokens.current()
        return await self._transport.call(method, path, body=body, token=token)


def idempotency_key(app_id: AppId, message: MessageId, part: str) -> str:
    """Return the `uuid` of a send: the same for every try by any worker, 32 characters of 50."""
    return hashlib.blake2b(f"{app_id} {message} {part}".encode(), digest_size=16).hexdigest()
