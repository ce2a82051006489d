"""The composition root: what one worker process is made of."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import StoreUnavailable
from shared.feishu import transport as http
from shared.feishu.client import Feishu
from shared.feishu.events import MESSAGE_RECEIVED
from shared.store import connection as redis
from shared.store.engine import engine
from shared.store.history import History
from shared.store.keys import Keys
from shared.store.notices import Notices
from shared.store.sweep import Sweep
from workers.handlers.by_type import ByType
from workers.handlers.message import MessageHandler
from workers.interruptions import Interruptions
from workers.renewal import Renewal
from workers.responders import llm
from workers.sweeper import Sweeper
from workers.turns import Turns
from workers.when_busy import WhenBusy

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
    background: list[asyncio.Task[None]]
    running: set[asyncio.Task[object]] = field(default_factory=set)

    async def turn(self, conversation: ConversationId) -> str:
        """Follow a wake; return in one word what came of it."""
        task: asyncio.Task[object] | None = asyncio.current_task()
        if task is None:
            raise RuntimeError("a turn is a task")
        self.running.add(task)
        try:
            return await self.turns.run(conversation)
        finally:
            self.running.discard(task)

    def stop(self) -> None:
        """Let turns finish for `grace` seconds, then hand the rest to other workers."""
        asyncio.get_running_loop().call_later(self.grace, self._hand_over)

    def _hand_over(self) -> None:
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
    url = settings.redis.url.get_secret_value()
    await _reach(url)
    store = await stack.enter_async_context(redis.connected(url, timeout=_STORE_TIMEOUT))
    transport = await stack.enter_async_context(http.connected(settings.feishu.domain))
    responder = await stack.enter_async_context(llm.connected(settings.model))
    keys = Keys(settings.feishu.app_id)
    conversations = engine(
        store,
        keys,
        lease=settings.worker.lease,
        exchanges=settings.history.exchanges,
        kept=settings.history.seconds,
    )
    when_busy = WhenBusy(settings.worker.when_busy, settings.worker.when_busy_in)
    renewal = Renewal(conversations.leases, seconds=settings.worker.lease)
    interruptions = Interruptions(Notices(store, keys))
    turns = Turns(
        conversations,
        renewal,
        ByType({MESSAGE_RECEIVED: _messages(settings, transport, responder, store, keys)}),
        when_busy,
        deadline=settings.worker.deadline,
        attempts=settings.worker.attempts,
    )
    background = [
        asyncio.create_task(renewal.run(), name="renewal"),
        asyncio.create_task(Sweeper(Sweep(store, keys)).run(), name="sweeper"),
        asyncio.create_task(interruptions.run(), name="interruptions"),
    ]
    for task in background:
        task.add_done_callback(_end_the_worker)
    return Worker(turns, stack, settings.worker.grace, background)


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
