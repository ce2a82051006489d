"""`/_sim/feed`: what happens, as it happens, as server-sent events with names."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import orjson
from aiohttp import web

from simulator.control.shapes import drawn_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.world.messages import Message, Messages

BACKLOG: Final = 1_000
"""Events a reader may be behind; a slower one is cut off, and comes back by itself."""
HEARTBEAT: Final = 15.0
"""Seconds of silence after which a comment is sent, so that dead readers are noticed."""


class Feed:
    """Any number of readers, each with a bounded backlog."""

    def __init__(self, messages: Messages) -> None:
        self._readers: set[asyncio.Queue[bytes]] = set()
        messages.listen(self._publish_message)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/_sim/feed", self.stream)]

    async def stream(self, request: web.Request) -> web.StreamResponse:
        backlog: asyncio.Queue[bytes] = asyncio.Queue(BACKLOG)
        self._readers.add(backlog)
        try:
            return await self._serve(request, backlog)
        finally:
            self._readers.discard(backlog)

    async def _serve(
        self, request: web.Request, backlog: asyncio.Queue[bytes]
    ) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        while backlog in self._readers or not backlog.empty():
            await response.write(await _next_event(backlog))
        return response

    def publish(self, name: str, shape: Callable[[], object]) -> None:
        """Tell every reader of an event; without readers its shape is not even made."""
        if not self._readers:
            return
        event = b"event: %b\ndata: %b\n\n" % (name.encode(), orjson.dumps(shape()))
        for backlog in tuple(self._readers):
            if backlog.full():
                self._readers.discard(backlog)
            else:
                backlog.put_nowait(event)

    def _publish_message(self, message: Message) -> None:
        self.publish("message", lambda: drawn_shape(message))


async def _next_event(backlog: asyncio.Queue[bytes]) -> bytes:
    try:
        async with asyncio.timeout(HEARTBEAT):
            return await backlog.get()
    except TimeoutError:
        return b": still here\n\n"
