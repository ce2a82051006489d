"""The newest of many texts, sent at a bearable pace."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from shared.errors import FeishuRejected, StoreUnavailable, TransientError
from shared.feishu.call import Priority

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Revisions:
    """Sends the newest text, never two at once, with a pause before each.

    One that fails is only logged: a newer one follows, or the end of the reply. While the next one
    waits for its place, the text that it will have grows.
    """

    def __init__(
        self,
        send: Callable[[str, Priority], Awaitable[None]],
        place: Callable[[], Awaitable[float]],
        *,
        interval: float,
    ) -> None:
        """`place` takes one among all revisions of the fleet; it comes in that many seconds."""
        self.newest = ""
        self._send = send
        self._place = place
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
        await asyncio.sleep(self._interval)  # a short answer needs none
        await self._newer.wait()
        pause = await self._sent(Priority.FIRST)
        while True:
            await asyncio.sleep(pause)
            await self._newer.wait()
            await asyncio.sleep(await self._placed())
            pause = await self._sent(Priority.REVISION)

    async def _placed(self) -> float:
        try:
            return await self._place()
        except StoreUnavailable as error:
            log.info("revision.unplaced", reason=str(error))
            return self._interval

    async def _sent(self, priority: Priority) -> float:
        """Send the newest text; return how long to pause."""
        async with self._sending:
            self._newer.clear()
            try:
                await self._send(self.newest, priority)
            except TransientError as fault:
                log.info("revision.skipped", reason=str(fault))
                self._newer.set()
                return max(self._interval, fault.retry_after or 0.0)
            except FeishuRejected as refused:
                log.warning("revision.refused", reason=str(refused))
        return self._interval

    def _raise_fault(self) -> None:
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()
