"""`im/v1/messages`: get and list (server-docs/im-v1/message/get, .../list)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.ids import ChatId
from simulator.openapi.described import described_again
from simulator.openapi.errors import bad_field, bad_parameter, not_in_chat
from simulator.openapi.fields import choice, text_field
from simulator.openapi.known import known_message
from simulator.openapi.messages import PATH
from simulator.openapi.pages import page
from simulator.wire import json_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.world.messages import Message
    from simulator.world.world import World

SORTS: Final = ("ByCreateTimeAsc", "ByCreateTimeDesc")
RAW: Final = ("raw_card_content", "user_card_content")
PAGE: Final = 20
MOST: Final = 50


class History:
    """What was said, read back."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(PATH, self.listed),
            web.get(PATH + "/{message_id}", self.get),
        ]

    async def get(self, request: web.Request) -> web.Response:
        """Return a message, and with a merged one those it was made of."""
        message = known_message(request, self._world)
        self._check_presence(message.chat_id)
        found = [message, *self._parts(message)]
        raw = wants_raw(request.query)
        items = [described_again(each, raw=raw) for each in found]
        return json_response({"code": 0, "msg": "success", "data": {"items": items}})

    async def listed(self, request: web.Request) -> web.Response:
        """Return a chat's or a thread's messages, of a span of time if asked."""
        found = self._contained(request.query)
        sort = choice(request.query, "sort_type", SORTS, SORTS[0])
        if sort == SORTS[1]:
            found.reverse()
        raw = wants_raw(request.query)
        data = page(
            request.query,
            found,
            lambda message: described_again(message, raw=raw),
            default=PAGE,
            most=MOST,
        )
        return json_response({"code": 0, "msg": "success", "data": data})

    def _contained(self, query: Mapping[str, str]) -> list[Message]:
        container_id = text_field(query, "container_id")
        kept = self._world.messages.newest(len(self._world.messages))
        if text_field(query, "container_id_type") == "thread":
            return self._thread(kept, container_id)
        choice(query, "container_id_type", ("chat", "thread"), "")
        self._check_presence(ChatId(container_id))
        since, until = moment(query, "start_time", 0), moment(query, "end_time", 1 << 40)
        return [
            message
            for message in kept
            if message.chat_id == container_id and message.upper_message_id is None
            if since <= message.created_at < until + 1
        ]

    def _thread(self, kept: list[Message], thread_id: str) -> list[Message]:
        found = [message for message in kept if message.place.thread_id == thread_id]
        if not found:
            raise bad_parameter("invalid container_id")
        self._check_presence(found[0].chat_id)
        return found

    def _parts(self, message: Message) -> list[Message]:
        if message.msg_type != "merge_forward":
            return []
        kept = self._world.messages.newest(len(self._world.messages))
        return [each for each in kept if each.upper_message_id == message.message_id]

    def _check_presence(self, chat_id: ChatId) -> None:
        chat = self._world.chats.get(chat_id)
        if chat is None or not self._world.bot_is_in(chat):
            raise not_in_chat()


def wants_raw(query: Mapping[str, str]) -> bool:
    """Tell whether cards are wanted as they were sent, and not as an old client shows them."""
    return query.get("card_msg_content_type") in RAW


def moment(query: Mapping[str, str], field: str, default: int) -> int:
    """Return a time in seconds since the epoch.

    Raises:
        ApiError: it is none.
    """
    given = query.get(field, str(default))
    if not given.isdecimal() or len(given) > len(str(1 << 40)):
        raise bad_field(field)
    return int(given)
