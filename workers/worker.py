"""A started worker: what it runs, and how it leaves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from shared.model.ids import ConversationId
    from workers.health import Health
    from workers.turns import Turns

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Worker:
    """A started worker: its turns, its background loops, and what must be closed."""

    turns: Turns
    stack: AsyncExitStack
    grace: float
    health: Health
    background: list[asyncio.Task[None]]
    running: set[asyncio.Task[object]]
    handed_over: bool = False

    async def turn(self, conversation: ConversationId) -> str:
        """Follow a wake; return in one word what came of it."""
        task: asyncio.Task[object] | None = asyncio.current_task()
        if task is None:
            raise RuntimeError("a turn is a task")
        if self.handed_over:  # the wake came too late, and is renewed
            return "stopping"
        self.running.add(task)
        try:
            return await self.turns.run(conversation)
        except asyncio.CancelledError:  # before the turn had its lease for certain
            return "stopping"
        finally:
            self.running.discard(task)

    def stop(self) -> None:
        """Let turns finish for `grace` seconds, then hand the rest to other workers."""
        log.info("worker.stopping", grace=self.grace, turns=len(self.running))
        self.health.leave()
        asyncio.get_running_loop().call_later(self.grace, self.hand_over)

    def hand_over(self) -> None:
        """Hand every turn to other workers now, once: what is being released is left alone."""
        if self.handed_over:
            return
        self.handed_over = True
        self.health.leave()
        log.info("worker.hands_over", turns=len(self.running))
        for task in self.running:
            task.cancel()

    async def close(self) -> None:
        """End the background loops and close every connection."""
        pending = set(self.background)
        while pending:
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=1.0)
        await self.stack.aclose()
