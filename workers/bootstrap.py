"""The composition root: what one worker process is made of."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import StoreUnavailable
from shared.feishu import transport as http
from shared.feishu.client import Feishu
from shared.feishu.events import MESSAGE_RECEIVED
from shared.store import connection as redis
from shared.store.history import History
from shared.store.keys import Keys
from shared.store.lease import Leases
from shared.store.sweep import Sweep
from workers import probes
from workers.handlers.by_type import ByType
from workers.handlers.message import MessageHandler
from workers.health import Health
from workers.renewal import Renewal
from workers.responders import llm
from workers.sweeper import Sweeper
from workers.turn import Turns
from workers.watch import Watch

if TYPE_CHECKING:
    from shared.feishu.transport import Transport
    from shared.model.ids import ConversationId
    from shared.settings import WorkerSettings
    from shared.store.connection import Store
    from workers.responders.responder import Responder

_STORE_TIMEOUT: Final = 5.0
_LOOK_EVERY: Final = 1.0

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


async def start(settings: WorkerSettings) -> Worker:
    """Build the object graph and start its loops, once Redis is there.

    Raises:
        ConfigurationError: it is one that will never do.
    """
    stack = AsyncExitStack()
    running: set[asyncio.Task[object]] = set()
    health = Health(lambda: len(running), places=settings.worker.concurrency)
    if (port := settings.worker.port) is not None:
        probing = probes.served(health, host=settings.worker.host, port=port)
        await stack.enter_async_context(probing)
    url = settings.redis.url.get_secret_value()
    await _reach(url)
    store = await stack.enter_async_context(redis.connected(url, timeout=_STORE_TIMEOUT))
    transport = await stack.enter_async_context(http.connected(settings.feishu.domain))
    responder = await stack.enter_async_context(llm.connected(settings.model))
    keys = Keys(settings.feishu.app_id)
    leases = Leases(
        store,
        keys,
        seconds=settings.worker.lease,
        exchanges=settings.history.exchanges,
        kept=settings.history.seconds,
    )
    renewal = Renewal(leases, seconds=settings.worker.lease)
    turns = Turns(
        leases,
        renewal,
        ByType({MESSAGE_RECEIVED: _messages(settings, transport, responder, store, keys)}),
        deadline=settings.worker.deadline,
        attempts=settings.worker.attempts,
    )
    background = [
        asyncio.create_task(renewal.run(), name="renewal"),
        asyncio.create_task(Sweeper(Sweep(store, keys)).run(), name="sweeper"),
        asyncio.create_task(Watch(store, keys, health).run(), name="watch"),
    ]
    for task in background:
        task.add_done_callback(_end_the_worker)
    return Worker(turns, stack, settings.worker.grace, health, background, running)


async def _reach(url: str) -> None:
    """Wait for Redis, and ask what it is before Celery talks to it."""
    told = False
    async with redis.connected(url, timeout=_STORE_TIMEOUT) as store:
        while True:
            try:
                return await store.require_supported()
            except StoreUnavailable as error:
                if not told:
                    log.warning("redis.away", reason=str(error))
                told = True
            await asyncio.sleep(_LOOK_EVERY)


def _end_the_worker(task: asyncio.Task[None]) -> None:
    """A worker whose leases nobody renews is worse than none: let it be started anew."""
    if not task.cancelled():
        log.critical("worker.broken", loop=task.get_name(), exc_info=task.exception())
        os.kill(os.getpid(), signal.SIGTERM)


def _messages(
    settings: WorkerSettings, transport: Transport, responder: Responder, store: Store, keys: Keys
) -> MessageHandler:
    history = History(store, keys, exchanges=settings.history.exchanges)
    return MessageHandler(Feishu(transport, settings.feishu), responder, history)
