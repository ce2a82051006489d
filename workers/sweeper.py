"""The loop that returns stranded conversations to the queue. Runs in every worker."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import StoreUnavailable
from shared.telemetry.turns import TurnMetrics

if TYPE_CHECKING:
    from shared.store.sweep import Sweep

EVERY: Final = 1.0
"""Seconds between two sweeps of a worker, give or take a half: many workers spread out."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Sweeper:
    """Sweeps, for ever."""

    def __init__(self, sweep: Sweep, metrics: TurnMetrics | None = None) -> None:
        self._sweep = sweep
        self._metrics = metrics or TurnMetrics()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
            try:
                swept = await self._sweep.run()
            except StoreUnavailable as error:
                log.warning("sweep.failed", reason=str(error))
                continue
            self._metrics.swept("rescued", len(swept.rescued))
            self._metrics.swept("due", len(swept.due))
            self._metrics.swept("lost", len(swept.lost))
            for conversation in swept.rescued:
                log.warning("turn.rescued", conversation=conversation)
            for conversation in swept.lost:
                log.warning("wake.renewed", conversation=conversation)
