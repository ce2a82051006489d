"""`/_sim/recall`, `/_sim/react`, `/_sim/read`: what users do to messages, and the app is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from simulator.control.refusals import not_found, refuse, text_field
from simulator.events.asked import EventError
from simulator.events.catalogue import CATALOGUE
from simulator.events.reactions import CREATED, DELETED
from simulator.ids import MessageId
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from simulator.gateway.push import Push
    from simulator.world.world import World


class Deeds:
    """Each takes `user` and `message_id`, changes the message, and pushes its event."""

    def __init__(self, world: World, push: Push) -> None:
        self._world = world
        self._push = push

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/_sim/recall", self.recall),
            web.post("/_sim/react", self.react),
            web.post("/_sim/read", self.read),
        ]

    async def recall(self, request: web.Request) -> web.Response:
        return await self._do(request, "im.message.recalled_v1", ())

    async def react(self, request: web.Request) -> web.Response:
        """React with `emoji`, or take that reaction back with `remove`."""
        asked = await json_object(request)
        kind = DELETED if asked.get("remove") is True else CREATED
        return await self._do(request, kind, ("emoji",))

    async def read(self, request: web.Request) -> web.Response:
        return await self._do(request, "im.message.message_read_v1", ())

    async def _do(self, request: web.Request, kind: str, more: tuple[str, ...]) -> web.Response:
        asked = await json_object(request)
        given = {name: text_field(asked, name) for name in ("user", "message_id", *more)}
        if self._world.messages.get(MessageId(given["message_id"])) is None:
            not_found("there is no such message")
        if self._world.user(given["user"]) is None:
            not_found(f"there is no user {given['user']!r}")
        try:
            event = CATALOGUE[kind].event(self._world, given)
        except EventError as error:
            refuse(str(error))
        self._push.push(event)
        return json_response({"event_id": event.event_id, "message_id": event.message_id})
