"""The newest of many texts, sent at a bearable pace."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from shared.errors import FeishuRejected, TransientError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Revisions:
    """Sends the newest text, never two at once, with a pause after each.

    One that fails is only logged: a newer one follows, or the end of the reply.
    """

    def __init__(self, send: Callable[[str], Awaitable[None]], *, interval: float) -> None:
        """`interval` is the shortest pause, in seconds; a rate limit may ask for a longer one."""
        self.newest = ""
        self._send = send
        self._interval = interval
        self._newer = asyncio.Event()
        self._sending = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send in the background."""
        self._task = asyncio.create_task(self._run(), name="revisions")

    def offer(self, text: str) -> None:
        """Take a newer text.

        Raises:
            LeaseLost: a send said so.
        """
        self.newest = text
        self._newer.set()
        self._raise_fault()

    async def end(self) -> None:
        """Let the send that is under way end, and begin no other.

        Raises:
            LeaseLost: a send said so.
        """
        async with self._sending:
            await self.aclose()
        self._raise_fault()

    async def aclose(self) -> None:
        """Send nothing more, not even what is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._newer.wait()
            async with self._sending:
                self._newer.clear()
                pause = await self._sent(self.newest)
            await asyncio.sleep(pause)

    async def _sent(self, text: str) -> float:
        """Send a text; return how long to pause."""
        try:
            await self._send(text)
        except TransientError as fault:
            log.info("revision.skipped", reason=str(fault))
            return max(self._interval, fault.retry_after or 0.0)
        except FeishuRejected as refused:
            log.warning("revision.refused", reason=str(refused))
        return self._interval

    def _raise_fault(self) -> None:
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()
