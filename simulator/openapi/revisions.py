"""`im/v1/messages`: PATCH for cards, PUT for words, DELETE to recall (facts 3)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.openapi.content import (
    check_size,
    checked_content,
    parsed_content,
)
from simulator.openapi.described import described
from simulator.openapi.errors import (
    bad_parameter,
    cannot_recall,
    edited_too_often,
    not_in_chat,
    not_sender,
    not_sender_of_edited,
    recalled,
    too_late_to_patch,
    too_late_to_recall,
    unsupported_type,
)
from simulator.openapi.fields import text_field
from simulator.openapi.known import known_message
from simulator.openapi.messages import PATH
from simulator.wire import json_object, json_response
from simulator.world.messages import SenderKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.limits.limits import Limits
    from simulator.openapi.errors import ApiError
    from simulator.world.messages import Message
    from simulator.world.world import World

DAY: Final = 24 * 60 * 60.0
PATCHED_FOR: Final = 14 * DAY
RECALLED_FOR: Final = DAY
"""What a tenant starts with; its administrators may change it (im-v1/message/delete)."""
MOST_EDITS: Final = 20


class Revisions:
    """What the bot does to its own messages afterwards. `now` is seconds since the epoch."""

    def __init__(self, world: World, limits: Limits, now: Callable[[], float] = time.time) -> None:
        self._world = world
        self._limits = limits
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        path = PATH + "/{message_id}"
        return [
            web.patch(path, self.patch),
            web.put(path, self.edit),
            web.delete(path, self.recall),
        ]

    async def patch(self, request: web.Request) -> web.Response:
        """Show another card; both must have `update_multi`."""
        asked = await json_object(request)
        message = self._own(request, not_sender)
        content = text_field(asked, "content")
        check_size("interactive", len(await request.read()))
        if self._age(message) > PATCHED_FOR:
            raise too_late_to_patch()
        parsed = parsed_content(content)
        self._limits.message(message.message_id)
        self._world.cards.patch(message, parsed)
        return json_response({"code": 0, "msg": "success", "data": {}})

    async def edit(self, request: web.Request) -> web.Response:
        """Say something else, in a text or a post."""
        asked = await json_object(request)
        message = self._own(request, not_sender_of_edited)
        msg_type = text_field(asked, "msg_type")
        if msg_type not in ("text", "post") or message.msg_type not in ("text", "post"):
            raise unsupported_type()
        if msg_type != message.msg_type:
            raise bad_parameter("msg_type is not the message's")
        content = checked_content(asked, len(await request.read()), self._world)
        if message.edits >= MOST_EDITS:
            raise edited_too_often()
        message.edits += 1
        message.mentions = content.mentions
        message.revise(content.text)
        self._world.messages.changed(message)
        return json_response({"code": 0, "msg": "success", "data": described(message)})

    async def recall(self, request: web.Request) -> web.Response:
        """Take a message back. The bot's own recall is told to nobody but the chat."""
        message = self._own(request, cannot_recall)
        if self._age(message) > RECALLED_FOR:
            raise too_late_to_recall()
        message.recall()
        self._world.messages.changed(message)
        return json_response({"code": 0, "msg": "success", "data": {}})

    def _own(self, request: web.Request, others: Callable[[], ApiError]) -> Message:
        message = known_message(request, self._world)
        if not self._world.bot_is_in(self._world.chats[message.chat_id]):
            raise not_in_chat()
        if message.sender.kind is not SenderKind.APP:
            raise others()
        if message.deleted:
            raise recalled()
        return message

    def _age(self, message: Message) -> float:
        return self._now() - message.created_at
