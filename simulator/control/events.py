"""`/_sim/events`, `/_sim/frames`, `/_sim/close`: what the gateway does on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from simulator.control.refusals import refuse, whole_number
from simulator.events.event import Event
from simulator.events.given import given_event
from simulator.gateway.connections import OutboxFullError
from simulator.ids import fresh_event_id
from simulator.wire import json_response

if TYPE_CHECKING:
    from simulator.gateway.connections import Connections
    from simulator.gateway.push import Push

NORMAL_CLOSURE = 1000
CLOSE_CODES_END = 5000


class Events:
    """Any event at all, any bytes at all, and sockets that close."""

    def __init__(self, connections: Connections, push: Push) -> None:
        self._connections = connections
        self._push = push

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/_sim/events", self.push),
            web.post("/_sim/frames", self.frame),
            web.post("/_sim/close", self.close),
        ]

    async def push(self, request: web.Request) -> web.Response:
        """Push the body as an event; with `raw` without looking at it."""
        payload = await request.read()
        event = (
            Event(fresh_event_id(), payload) if _is_set(request, "raw") else given_event(payload)
        )
        self._push.push(event)
        return json_response({"event_id": event.event_id})

    async def frame(self, request: web.Request) -> web.Response:
        """Send the body as one WebSocket message to one connection, and forget it."""
        connection = self._connections.pick()
        if connection is None:
            return json_response({"error": "no connection"}, status=409)
        body = await request.read()
        try:
            connection.send(body.decode() if _is_set(request, "text") else body)
        except UnicodeDecodeError:
            refuse("a text frame must be UTF-8")
        except OutboxFullError:
            return json_response({"error": "the client does not read"}, status=409)
        return json_response({"connection": connection.connection_id})

    async def close(self, request: web.Request) -> web.Response:
        """Close every connection with `code`; with `abort` without a WebSocket close."""
        if _is_set(request, "abort"):
            return json_response({"closed": self._connections.abort_all()})
        code = whole_number(request.query, "code", NORMAL_CLOSURE)
        if not NORMAL_CLOSURE <= code < CLOSE_CODES_END:
            refuse("code must be a WebSocket close code")
        return json_response({"closed": await self._connections.close_all(code)})


def _is_set(request: web.Request, flag: str) -> bool:
    return request.query.get(flag, "0") not in ("0", "false")
