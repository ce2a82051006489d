"""Reading a model's stream below everything that costs by the event."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, cast

from httpx2 import AsyncByteStream

from workers.responders.agent.sse import TextJoiner

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from httpx2 import Response

WINDOW: Final = 0.25
"""Seconds for which pieces of text are collected: as long as between two revisions of a card."""


async def merge_text(response: Response) -> None:
    """Have a response's text read in fewer events; a response hook of the HTTP client.

    What is no stream of events, or is compressed, stays as it is.
    """
    kind = response.headers.get("content-type", "")
    if kind.startswith("text/event-stream") and "content-encoding" not in response.headers:
        response.stream = Merged(cast("AsyncByteStream", response.stream))


class Merged(AsyncByteStream):
    """The same stream: its first text and all that is no text at once, more text when due.

    A fault of the stream is raised after all that came before it. Who iterates anew goes on where
    another left off, as the official client does for the rest of a response.
    """

    def __init__(self, upstream: AsyncByteStream, *, window: float = WINDOW) -> None:
        self._upstream = upstream
        self._window = window
        self._joiner = TextJoiner()
        self._due = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._reading is None:
            self._reading = asyncio.create_task(self._read(), name="model stream")
        while not self._reading.done():
            await self._due.wait()
            self._due.clear()
            self._stop_timer()
            yield self._joiner.take()
        yield self._joiner.take(ended=True)
        self._reading.result()

    async def aclose(self) -> None:
        self._stop_timer()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._upstream.aclose()

    async def _read(self) -> None:
        try:
            async for raw in self._upstream:
                self._joiner.feed(raw)
                if self._joiner.urgent:
                    self._due.set()
                elif self._timer is None and self._joiner.waits:
                    loop = asyncio.get_running_loop()
                    self._timer = loop.call_later(self._window, self._due.set)
        finally:
            self._due.set()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
