"""`/_sim/feed`: messages as they appear, as server-sent events."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import orjson
from aiohttp import web

from simulator.control.shapes import message_shape

if TYPE_CHECKING:
    from simulator.world.messages import Message, Messages

BACKLOG: Final = 1_000
"""Messages a reader may be behind; a slower one is cut off, and comes back by itself."""
HEARTBEAT: Final = 15.0
"""Seconds of silence after which a comment is sent, so that dead readers are noticed."""


class Feed:
    """Any number of readers, each with a bounded backlog."""

    def __init__(self, messages: Messages) -> None:
        self._readers: set[asyncio.Queue[Message]] = set()
        messages.listen(self._publish)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/_sim/feed", self.stream)]

    async def stream(self, request: web.Request) -> web.StreamResponse:
        backlog: asyncio.Queue[Message] = asyncio.Queue(BACKLOG)
        self._readers.add(backlog)
        try:
            return await self._serve(request, backlog)
        finally:
            self._readers.discard(backlog)

    async def _serve(
        self, request: web.Request, backlog: asyncio.Queue[Message]
    ) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        while backlog in self._readers or not backlog.empty():
            await response.write(await _next_event(backlog))
        return response

    def _publish(self, message: Message) -> None:
        for backlog in tuple(self._readers):
            if backlog.full():
                self._readers.discard(backlog)
            else:
                backlog.put_nowait(message)


async def _next_event(backlog: asyncio.Queue[Message]) -> bytes:
    try:
        async with asyncio.timeout(HEARTBEAT):
            message = await backlog.get()
    except TimeoutError:
        return b": still here\n\n"
    return b"event: message\ndata: " + orjson.dumps(message_shape(message)) + b"\n\n"
