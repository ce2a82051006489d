"""`im/v1/messages`: create, reply, forward (server-docs/im-v1/message)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.ids import fresh_message_id, fresh_thread_id
from simulator.openapi.addresses import addressed, limit_to, reachable
from simulator.openapi.bad_days import late
from simulator.openapi.content import Content, checked_content
from simulator.openapi.described import described
from simulator.openapi.errors import bad_field, recalled, unsupported_type
from simulator.openapi.fields import optional_text_field
from simulator.openapi.known import known_message
from simulator.openapi.uuids import LONGEST, Uuids
from simulator.wire import json_object, json_response
from simulator.world.cards import written
from simulator.world.messages import Message, Place, Revision, Sender, SenderKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.limits.limits import Limits
    from simulator.world.people import Chat
    from simulator.world.world import World

PATH: Final = "/open-apis/im/v1/messages"


class BotMessages:
    """The bot's side of the chats."""

    def __init__(self, world: World, limits: Limits, uuids: Uuids) -> None:
        self._world = world
        self._limits = limits
        self._uuids = uuids

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(PATH, self.create),
            web.post(PATH + "/{message_id}/reply", self.reply),
            web.post(PATH + "/{message_id}/forward", self.forward),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Send to a chat, or to a user in the p2p chat with the bot."""
        asked = await json_object(request)
        chat = addressed(self._world, request.query, asked)
        content = await self._content(request, asked)
        uuid = optional_text_field(asked, "uuid", LONGEST)
        return await self._send(request, uuid, chat, lambda: self._make(chat, content))

    async def reply(self, request: web.Request) -> web.Response:
        """Answer a message; in its thread if it has one, or in a new one if asked to."""
        asked = await json_object(request)
        parent = known_message(request, self._world)
        if parent.deleted:
            raise recalled()
        chat = reachable(self._world, parent.chat_id)
        in_thread = asked.get("reply_in_thread", False)
        if not isinstance(in_thread, bool | None):
            raise bad_field("reply_in_thread")
        content = await self._content(request, asked)
        uuid = optional_text_field(asked, "uuid", LONGEST)

        def make() -> Message:
            if in_thread and parent.place.thread_id is None:
                parent.place = replace(parent.place, thread_id=fresh_thread_id())
                self._world.messages.changed(parent)
            return self._make(chat, content, place_under(parent))

        return await self._send(request, uuid, chat, make)

    async def forward(self, request: web.Request) -> web.Response:
        """Send a message's content again, to someone else (im-v1/message/forward)."""
        asked = await json_object(request)
        original = known_message(request, self._world)
        if original.deleted:
            raise recalled()
        if not original.is_final():  # a card cannot be forwarded while it streams (facts 4)
            raise unsupported_type()
        chat = addressed(self._world, request.query, asked)
        uuid = optional_text_field(request.query, "uuid", LONGEST)
        content = Content(original.msg_type, written(original), original.mentions)
        return await self._send(request, uuid, chat, lambda: self._make(chat, content))

    async def _content(self, request: web.Request, asked: dict[str, Any]) -> Content:
        return checked_content(asked, len(await request.read()), self._world)

    async def _send(
        self, request: web.Request, uuid: str | None, chat: Chat, make: Callable[[], Message]
    ) -> web.Response:
        message = self._uuids.sent(uuid)
        if message is None:
            with self._uuids.sending(uuid):
                limit_to(self._limits, chat)
                await late(request)
                message = make()
                self._uuids.remember(uuid, message)
                self._world.messages.add(message)
        return json_response({"code": 0, "msg": "success", "data": described(message)})

    def _make(self, chat: Chat, content: Content, place: Place | None = None) -> Message:
        app = self._world.app
        message = Message(
            message_id=fresh_message_id(),
            chat_id=chat.chat_id,
            sender=Sender(SenderKind.APP, app.app_id, app.bot_name),
            msg_type=content.msg_type,
            revisions=[Revision(content.text)],
            place=place or Place(),
            mentions=content.mentions,
        )
        if message.msg_type == "interactive":
            self._world.cards.deal(message)
        return message


def place_under(parent: Message) -> Place:
    """Return the place of an answer to `parent`, in its thread if it has one."""
    return Place(
        root_id=parent.place.root_id or parent.message_id,
        parent_id=parent.message_id,
        thread_id=parent.place.thread_id,
    )
