"""`/_sim/messages`, `/_sim/split`, `/_sim/redeliver`: users' messages, said and said again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp import web

from simulator.control.refusals import (
    not_found,
    refuse,
    text_field,
    whole_number,
)
from simulator.control.shapes import drawn_shape, message_shape
from simulator.events.event import Order
from simulator.ids import MessageId, fresh_event_id
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from simulator.control.saying import Saying
    from simulator.events.event import Event
    from simulator.gateway.push import Push
    from simulator.ids import ChatId
    from simulator.world.messages import Message
    from simulator.world.world import World


class UserMessages:
    """What users say, pushed to the app as im.message.receive_v1.

    Bodies are read with `json` and not with `orjson`, because a text may hold half a surrogate
    pair: JSON can say it, and so can a user's keyboard.
    """

    def __init__(self, world: World, saying: Saying, push: Push) -> None:
        self._world = world
        self._saying = saying
        self._push = push

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/_sim/messages", self.say),
            web.get("/_sim/messages", self.newest),
            web.post("/_sim/split", self.split),
            web.post("/_sim/redeliver", self.redeliver),
        ]

    async def say(self, request: web.Request) -> web.Response:
        message, event = self._saying.send(await json_object(request, json.loads))
        if self._saying.heard_in(message):
            self._push.push(event)
        return _pushed(message, event)

    async def split(self, request: web.Request) -> web.Response:
        """Say something whose event comes in several frames; never more than it has bytes."""
        asked = await json_object(request, json.loads)
        parts = asked.get("parts", 2)
        if not isinstance(parts, int) or parts < 1:
            refuse("parts must be a whole number of at least 1")
        order = text_field(asked, "order", Order.IN_ORDER)
        if order not in list(Order):
            refuse(f"order must be one of {', '.join(Order)}")
        message, event = self._saying.send(asked)
        self._push.push(replace(event, parts=parts, order=Order(order)))
        return _pushed(message, event)

    async def redeliver(self, request: web.Request) -> web.Response:
        """Push a message's event once more, as the platform does even after a success."""
        asked = await json_object(request, json.loads)
        message = self._world.messages.get(MessageId(text_field(asked, "message_id")))
        if message is None:
            not_found("there is no such message")
        anew = fresh_event_id() if asked.get("new_event_id") else None
        event = self._saying.event_of(message, anew)
        self._push.push(event)
        return _pushed(message, event)

    async def newest(self, request: web.Request) -> web.Response:
        chat_id = self._chat_id(request.query.get("chat"))
        limit = whole_number(request.query, "limit", 50)
        found = self._world.messages.newest(limit, chat_id)
        found = [each for each in found if each.upper_message_id is None]
        # Markdown costs milliseconds, which only the page has a use for.
        shape = drawn_shape if request.query.get("drawn") == "1" else message_shape
        return json_response([shape(message) for message in found])

    def _chat_id(self, name: str | None) -> ChatId | None:
        if name is None:
            return None
        chat = self._world.chats.get(name) or self._world.group(name)
        if chat is None:
            not_found(f"there is no chat {name!r}")
        return chat.chat_id


def _pushed(message: Message, event: Event) -> web.Response:
    return json_response(
        {
            "message_id": message.message_id,
            "event_id": event.event_id,
            "chat_id": message.chat_id,
        }
    )
