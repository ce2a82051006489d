"""Being told to stop: kindly first, so that a successor can take over, then at once."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from ingress.health import Health

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Stopping:
    """SIGTERM grants `grace` seconds; SIGINT, or a second SIGTERM, none."""

    def __init__(self, health: Health, *, grace: float) -> None:
        self._side = health.side("process")
        self._side.up()
        self._grace = grace
        self._told = asyncio.Event()
        self._hurried = asyncio.Event()

    async def due(self) -> None:
        """Return when it is time to leave; until then everything goes on as ever."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._tell)
        loop.add_signal_handler(signal.SIGINT, self._hurry)
        await self._told.wait()
        self._side.down("stopping")
        log.info("ingress.stopping", grace=0.0 if self._hurried.is_set() else self._grace)
        try:
            async with asyncio.timeout(self._grace):
                await self._hurried.wait()
        except TimeoutError:
            return

    def _tell(self) -> None:
        if self._told.is_set():
            self._hurried.set()
        self._told.set()

    def _hurry(self) -> None:
        self._told.set()
        self._hurried.set()
