"""The calls the bot makes."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from shared.errors import (
    CardRefused,
    CredentialsRejected,
    FeishuRateLimited,
    FeishuRejected,
    LarkspurError,
    MessageGone,
    NoSuchApi,
    PermissionMissing,
    QuotaSpent,
)
from shared.feishu.call import Call, Priority, Upload
from shared.feishu.cards import described
from shared.feishu.known_calls import ACCEPTED, UNANSWERED, code_of, label_of
from shared.feishu.refusals import BAD_TOKEN, RECALLED, THREADLESS, UNSHOWABLE
from shared.feishu.retries import retried
from shared.model.ids import CardId, MessageId, OpenId
from shared.model.receiver import Receiver
from shared.telemetry.calls import Calls
from shared.telemetry.metric import OTHER
from shared.telemetry.spans import are_kept, span

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from lark_oapi.core.model import BaseRequest, BaseResponse

    from shared.feishu.cards import Card
    from shared.feishu.gate import Gate
    from shared.feishu.quota import Quota
    from shared.feishu.sendable import Sendable
    from shared.feishu.tokens import Tokens
    from shared.feishu.transport import Transport
    from shared.model.ids import AppId
    from shared.model.message import Attachment
    from shared.model.target import Target

T = TypeVar("T")

CREATE = "/open-apis/im/v1/messages"
MESSAGE = "/open-apis/im/v1/messages/:message_id"
RESOURCE = f"{MESSAGE}/resources/:file_key"
REPLY = "/open-apis/im/v1/messages/:message_id/reply"
PICTURES = "/open-apis/im/v1/images"
FILES = "/open-apis/im/v1/files"
CARDS = "/open-apis/cardkit/v1/cards"


class Feishu:
    """The Open API as one app, by a fleet whose calls count together.

    Every call raises FeishuUnavailable, FeishuRateLimited, FeishuRejected, or StoreUnavailable,
    since the token and the limits are in Redis. Those that send or create try again in place first
    (`shared/feishu/retries.py`).
    """

    def __init__(
        self,
        app_id: AppId,
        transport: Transport,
        tokens: Tokens,
        gate: Gate,
        quota: Quota,
        calls: Calls | None = None,
    ) -> None:
        self.app_id = app_id
        self.gate = gate
        self.quota = quota
        self._transport = transport
        self._tokens = tokens
        self._calls = calls or Calls()
        self._bot: OpenId | None = None

    async def call(self, request: BaseRequest) -> BaseResponse:
        """Make any call that the official SDK can describe, and return what it would answer.

        A refusal is raised, not returned. In the gate it counts as what can wait.
        """
        sdk = import_module("shared.feishu.sdk")  # whoever has a request has paid for the SDK
        made = self._transport.download if sdk.is_download(request) else self._transport.fetch
        response: BaseResponse = sdk.response_of(
            request, await self._admitted(sdk.call_of(request), made)
        )
        return response

    async def perform(self, call: Call) -> dict[str, Any]:
        """Make a call once, and return its whole answer."""
        return await self._admitted(call, self._transport.call)

    async def bot(self) -> OpenId:
        """Return the bot's own open_id, asked for once per process."""
        if self._bot is None:
            answer = await self.perform(Call("GET", "/open-apis/bot/v3/info"))
            self._bot = OpenId(answer["bot"]["open_id"])
        return self._bot

    async def message(self, message: MessageId) -> dict[str, Any]:
        """Return a message as the platform tells of it.

        https://open.feishu.cn/document/server-docs/im-v1/message/get

        Raises:
            MessageGone: it was recalled.
        """
        item = (await self.messages(message))[0]
        if item.get("deleted"):
            raise MessageGone(RECALLED, "the message is recalled")
        return item

    async def messages(self, message: MessageId) -> list[dict[str, Any]]:
        """Return a message, and, of a merged one, those that it was made of; cards as they are."""
        query = (("card_msg_content_type", "raw_card_content"),)
        call = Call("GET", MESSAGE, {"message_id": message}, query)
        answer = await retried(lambda: self.perform(call))
        items: list[dict[str, Any]] = answer["data"]["items"]
        return items

    async def resource(self, message: MessageId, attachment: Attachment, *, at_most: int) -> bytes:
        """Return what came with a message.

        https://open.feishu.cn/document/server-docs/im-v1/message/get-2

        Raises:
            TooLarge: it has more than `at_most` bytes.
        """
        ids = {"message_id": message, "file_key": attachment.key}
        kind = "image" if attachment.kind == "image" else "file"
        call = Call("GET", RESOURCE, ids, query=(("type", kind),))
        download = partial(self._transport.download, at_most=at_most)
        return (await retried(lambda: self._admitted(call, download))).content

    async def reply(
        self, target: Target, what: Sendable, *, part: str, priority: Priority
    ) -> MessageId:
        """Answer the target's question, at most once within an hour for the same `part`.

        Where a thread cannot be had, the answer is not in one.

        https://open.feishu.cn/document/server-docs/im-v1/message/reply

        Raises:
            CardRefused: `what` is a card, and no card can be shown there; a text might.
            MessageGone: there is no question any more.
        """
        key = idempotency_key(self.app_id, target.question, part)
        body = {**_body(what, key), "reply_in_thread": target.in_thread}
        ids = {"message_id": target.question}
        call = Call("POST", REPLY, ids, body=body, chat=target.chat, priority=priority)
        try:
            return await self._sent(call, what)
        except FeishuRejected as refused:
            if not target.in_thread or refused.code not in THREADLESS:
                raise
        return await self._sent(replace(call, body={**body, "reply_in_thread": False}), what)

    async def create(
        self, target: Target, what: Sendable, *, part: str, priority: Priority
    ) -> MessageId:
        """Say it in the target's chat without a question to hang it on; else as `reply`.

        https://open.feishu.cn/document/server-docs/im-v1/message/create
        """
        key = idempotency_key(self.app_id, target.question, f"{part}.fresh")
        return await self.send(Receiver(target.chat, "chat_id"), what, key=key, priority=priority)

    async def send(
        self, to: Receiver, what: Sendable, *, key: str, priority: Priority = Priority.SEND
    ) -> MessageId:
        """Say something to anybody, at most once within an hour for the same `key`, its `uuid`.

        https://open.feishu.cn/document/server-docs/im-v1/message/create

        Raises:
            CardRefused: `what` is a card, and no card can be shown there; a text might.
        """
        body = {**_body(what, key), "receive_id": to.id}
        query = (("receive_id_type", to.receive_id_type),)
        call = Call("POST", CREATE, query=query, body=body, chat=to.id, priority=priority)
        return await self._sent(call, what)

    async def comment(self, message: MessageId, what: Sendable, *, key: str) -> MessageId:
        """Reply to any message, whoever's it is; else as `send`.

        https://open.feishu.cn/document/server-docs/im-v1/message/reply

        Raises:
            MessageGone: there is no such message any more.
        """
        call = Call("POST", REPLY, {"message_id": message}, body=_body(what, key))
        return await self._sent(call, what)

    async def upload_picture(self, content: bytes) -> str:
        """Upload a picture for messages and cards; return its key. It is not idempotent.

        https://open.feishu.cn/document/server-docs/im-v1/image/create
        """
        form: dict[str, str | Upload] = {
            "image_type": "message",
            "image": Upload("picture", content),
        }
        answer = await self.perform(Call("POST", PICTURES, form=form))
        key: str = answer["data"]["image_key"]
        return key

    async def upload_file(self, name: str, content: bytes, *, kind: str = "stream") -> str:
        """Upload a file for a message; return its key. `kind` is opus, mp4, pdf, ... or stream.

        https://open.feishu.cn/document/server-docs/im-v1/file/create
        """
        form: dict[str, str | Upload] = {
            "file_type": kind,
            "file_name": name,
            "file": Upload(name, content),
        }
        answer = await self.perform(Call("POST", FILES, form=form))
        key: str = answer["data"]["file_key"]
        return key

    async def create_card(self, card: Card) -> CardId:
        """Create a card that no message shows yet; a lost answer leaves one that none ever will.

        https://open.feishu.cn/document/cardkit-v1/card/create

        Raises:
            CardRefused: the app may not, or this is no platform with cards.
        """
        call = Call("POST", CARDS, body=described(card), priority=Priority.FIRST)
        try:
            answer = await retried(lambda: self.perform(call))
        except (CredentialsRejected, QuotaSpent):
            raise
        except (FeishuRejected, NoSuchApi) as refused:
            raise CardRefused(str(refused)) from refused
        return CardId(answer["data"]["card_id"])

    async def _admitted(self, call: Call, made: Callable[..., Awaitable[T]]) -> T:
        """Make a call when it is its turn; a token that is refused is replaced once."""
        begun = time.monotonic()
        await self.gate.enter(call)
        self._calls.waited(call.priority.name.lower(), time.monotonic() - begun)
        token = await self._tokens.current()
        try:
            try:
                answer = await self._made(call, made, token)
            except FeishuRejected as refused:
                if refused.code not in BAD_TOKEN:
                    raise
                anew = await self._tokens.current(refused=token)
                answer = await self._made(call, made, anew)
        except FeishuRateLimited as limited:
            await self.gate.slowed(call, limited)
            raise
        self.quota.count(call)
        return answer

    async def _made(self, call: Call, made: Callable[..., Awaitable[T]], token: str) -> T:
        """Make a call, and tell how long it took and what Feishu said."""
        begun, code, name = time.monotonic(), UNANSWERED, label_of(call)
        with span(name, **_traced(call, name)) as step:
            try:
                answer = await made(call, token=token)
                code = ACCEPTED
            except LarkspurError as fault:
                code = code_of(fault)
                raise
            finally:
                step.note(code=code)
                self._calls.answered(name, code, time.monotonic() - begun)
        return answer

    async def _sent(self, call: Call, what: Sendable) -> MessageId:
        try:
            answer = await retried(lambda: self.perform(call))
        except (FeishuRejected, NoSuchApi) as refused:
            if what.kind == "interactive" and _is_of_cards(refused):
                raise CardRefused(str(refused)) from refused
            raise
        return MessageId(answer["data"]["message_id"])


def _body(what: Sendable, key: str) -> dict[str, Any]:
    """Every try has the same uuid, so one whose answer was lost finds the message it made."""
    return {
        "msg_type": what.kind,
        "content": orjson.dumps(what.content).decode(),
        "uuid": key,
    }


def _traced(call: Call, name: str) -> dict[str, str]:
    """Return what a trace may know of a call: the ids in its path, and which chat it is for."""
    if not are_kept() or name == OTHER:
        return {}
    is_chat = call.chat is not None and call.chat.startswith("oc_")  # and no address of a person
    chat = {"chat": str(call.chat)} if is_chat else {}
    return {**call.ids, **chat, "priority": call.priority.name.lower()}


def _is_of_cards(refused: FeishuRejected | NoSuchApi) -> bool:
    if isinstance(refused, NoSuchApi | PermissionMissing):
        return True
    return refused.code in UNSHOWABLE


def idempotency_key(app_id: AppId, about: str, part: str) -> str:
    """Return the `uuid` of a send: the same for every try by any worker, 32 characters of 50.

    `about` is the message that is answered, or whatever else the send comes of.
    """
    return hashlib.blake2b(f"{app_id} {about} {part}".encode(), digest_size=16).hexdigest()
