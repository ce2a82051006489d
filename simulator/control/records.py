"""`/_sim/health`, `/_sim/world`, `/_sim/deliveries`, `/_sim/calls`, `/_sim/stats`: looking in."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from simulator.control.refusals import whole_number
from simulator.control.shapes import delivery_shape
from simulator.ids import EventId, MessageId
from simulator.wire import json_response

if TYPE_CHECKING:
    from simulator.gateway.connections import Connections
    from simulator.gateway.deliveries import Deliveries, Delivery
    from simulator.openapi.calls import Calls
    from simulator.world.world import World


class Records:
    """Nothing here changes anything."""

    def __init__(
        self, world: World, connections: Connections, deliveries: Deliveries, calls: Calls
    ) -> None:
        self._world = world
        self._connections = connections
        self._deliveries = deliveries
        self._calls = calls

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/_sim/health", self.health),
            web.get("/_sim/world", self.world),
            web.get("/_sim/deliveries", self.deliveries),
            web.get("/_sim/calls", self.calls),
            web.get("/_sim/stats", self.stats),
        ]

    async def health(self, _: web.Request) -> web.Response:
        return json_response({"status": "ok", "connections": len(self._connections)})

    async def world(self, _: web.Request) -> web.Response:
        """Show who there is to talk to; the app's secret is not shown."""
        app = self._world.app
        users = [
            {"name": user.name, "open_id": user.open_id, "user_id": user.user_id}
            for user in self._world.users
        ]
        chats = [
            {
                "chat_id": chat.chat_id,
                "kind": chat.kind,
                "name": chat.name,
                "members": sorted(chat.members),
            }
            for chat in self._world.chats.values()
        ]
        bot = {"app_id": app.app_id, "name": app.bot_name, "open_id": app.bot_open_id}
        return json_response({"bot": bot, "users": users, "chats": chats})

    async def deliveries(self, request: web.Request) -> web.Response:
        found = self._asked_for(request)
        return json_response([delivery_shape(delivery) for delivery in found])

    async def calls(self, request: web.Request) -> web.Response:
        limit = whole_number(request.query, "limit", 100)
        return json_response([asdict(call) for call in self._calls.newest(limit)])

    async def stats(self, _: web.Request) -> web.Response:
        by_path: dict[str, dict[str, int]] = {}
        for (path, code), count in self._calls.counts.items():
            by_path.setdefault(path, {})[str(code)] = count
        counts = {**self._deliveries.counts, "connections": len(self._connections)}
        return json_response({**counts, "calls": by_path})

    def _asked_for(self, request: web.Request) -> list[Delivery]:
        query = request.query
        if "event_id" in query:
            return self._deliveries.of(EventId(query["event_id"]))
        if "message_id" in query:
            return self._deliveries.of(MessageId(query["message_id"]))
        return self._deliveries.newest(whole_number(query, "limit", 100))
