"""`im/v1/messages`: create, reply, get (server-docs/im-v1/message)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.ids import MessageId, fresh_message_id, fresh_thread_id
from simulator.openapi.content import checked_content, optional_text_field, text_field
from simulator.openapi.described import described
from simulator.openapi.errors import (
    bad_field,
    no_such_message,
    not_in_chat,
    user_not_in_scope,
)
from simulator.openapi.uuids import LONGEST, Uuids
from simulator.wire import json_object, json_response
from simulator.world.messages import Message, Place, Revision, Sender, SenderKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.ids import ChatId
    from simulator.openapi.tokens import Tokens
    from simulator.world.world import World

PATH: Final = "/open-apis/im/v1/messages"
USER_ID_TYPES: Final = ("open_id", "union_id", "user_id", "email")


class BotMessages:
    """The bot's side of the chats."""

    def __init__(self, world: World, tokens: Tokens, uuids: Uuids) -> None:
        self._world = world
        self._tokens = tokens
        self._uuids = uuids

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(PATH, self.create),
            web.post(PATH + "/{message_id}/reply", self.reply),
            web.get(PATH + "/{message_id}", self.get),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Send to a chat, or to a user in the p2p chat with the bot."""
        self._tokens.check(request)
        asked = await json_object(request)
        receive_id = text_field(asked, "receive_id")
        chat_id = self._addressed(request.query.get("receive_id_type"), receive_id)
        return await self._send(request, asked, chat_id, Place)

    async def reply(self, request: web.Request) -> web.Response:
        """Answer a message; in its thread if it has one, or in a new one if asked to."""
        self._tokens.check(request)
        asked = await json_object(request)
        parent = self._known(request)
        in_thread = asked.get("reply_in_thread", False)
        if not isinstance(in_thread, bool | None):
            raise bad_field("reply_in_thread")
        return await self._send(
            request, asked, parent.chat_id, lambda: place_under(parent, in_thread=bool(in_thread))
        )

    async def get(self, request: web.Request) -> web.Response:
        self._tokens.check(request)
        message = self._known(request)
        return json_response({"code": 0, "msg": "success", "data": {"items": [described(message)]}})

    async def _send(
        self,
        request: web.Request,
        asked: dict[str, Any],
        chat_id: ChatId,
        place: Callable[[], Place],
    ) -> web.Response:
        msg_type, content = checked_content(asked, len(await request.read()))
        uuid = optional_text_field(asked, "uuid", LONGEST)
        message = self._uuids.sent(uuid) if uuid else None
        if message is None:
            message = self._make(chat_id, msg_type, content, place())
            if uuid:
                self._uuids.remember(uuid, message)
            self._world.messages.add(message)
        return json_response({"code": 0, "msg": "success", "data": described(message)})

    def _make(self, chat_id: ChatId, msg_type: str, content: str, place: Place) -> Message:
        app = self._world.app
        return Message(
            message_id=fresh_message_id(),
            chat_id=chat_id,
            sender=Sender(SenderKind.APP, app.app_id, app.bot_name),
            msg_type=msg_type,
            revisions=[Revision(content)],
            place=place,
        )

    def _addressed(self, receive_id_type: str | None, receive_id: str) -> ChatId:
        if receive_id_type == "chat_id":
            chat = self._world.chats.get(receive_id)
            if chat is None:
                raise not_in_chat()
            return chat.chat_id
        if receive_id_type not in USER_ID_TYPES:
            raise bad_field("receive_id_type")
        for user in self._world.users:
            if getattr(user, receive_id_type) == receive_id:
                return self._world.p2p_chat(user).chat_id
        raise user_not_in_scope()

    def _known(self, request: web.Request) -> Message:
        message = self._world.messages.get(MessageId(request.match_info["message_id"]))
        if message is None:
            raise no_such_message()
        return message


def place_under(parent: Message, *, in_thread: bool) -> Place:
    """Return the place of an answer to `parent`, which starts a thread there if asked to."""
    if in_thread and parent.place.thread_id is None:
        parent.place = Place(parent.place.root_id, parent.place.parent_id, fresh_thread_id())
    return Place(
        root_id=parent.place.root_id or parent.message_id,
        parent_id=parent.message_id,
        thread_id=parent.place.thread_id,
    )
