"""The composition root: what one worker process is made of."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

import structlog

from shared.errors import StoreUnavailable
from shared.feishu import transport as http
from shared.feishu.client import Feishu
from shared.feishu.events import CARD_PRESSED, MESSAGE_RECEIVED
from shared.store import connection as redis
from shared.store.dead_letters import DeadLetters
from shared.store.engine import engine
from shared.store.history import History
from shared.store.keys import Keys
from shared.store.notices import Notices
from shared.store.positions import Positions
from shared.store.sweep import Sweep
from workers import probes
from workers.handlers.by_type import ByType
from workers.handlers.message import MessageHandler
from workers.handlers.press import PressHandler
from workers.health import Health
from workers.interruptions import Interruptions
from workers.renewal import Renewal
from workers.replies.chosen import Replies
from workers.responders import llm
from workers.sweeper import Sweeper
from workers.turns import Turns
from workers.usher import Usher
from workers.watch import Watch
from workers.when_busy import WhenBusy
from workers.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from shared.settings import Worker as WorkerGroup
    from shared.settings import WorkerSettings

_STORE_TIMEOUT: Final = 5.0
_LOOK_EVERY: Final = 1.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


async def start(settings: WorkerSettings) -> Worker:
    """Build the object graph and start its loops, once Redis is there.

    Raises:
        ConfigurationError: it is one that will never do.
    """
    stack = AsyncExitStack()
    running: set[asyncio.Task[object]] = set()
    health = Health(lambda: len(running), places=settings.worker.concurrency)
    await _probed(stack, health, settings.worker)
    url = settings.redis.url.get_secret_value()
    await _reach(url)
    store = await stack.enter_async_context(redis.connected(url, timeout=_STORE_TIMEOUT))
    transport = await stack.enter_async_context(http.connected(settings.feishu.domain))
    responder = await stack.enter_async_context(llm.connected(settings.model))

    keys = Keys(settings.feishu.app_id)
    feishu = Feishu(transport, settings.feishu)
    replies = Replies(feishu, settings.reply)
    when_busy = WhenBusy(settings.worker.when_busy, settings.worker.when_busy_in)
    notices = Notices(store, keys)
    conversations = engine(
        store,
        keys,
        lease=settings.worker.lease,
        exchanges=settings.history.exchanges,
        kept=settings.history.seconds,
    )
    history = History(store, keys, exchanges=settings.history.exchanges)
    interruptions = Interruptions(notices)
    messages = MessageHandler(feishu, replies, responder, history, interruptions, when_busy)
    presses = PressHandler(notices, DeadLetters(store, keys))
    renewal = Renewal(conversations.leases, seconds=settings.worker.lease)
    turns = Turns(
        conversations,
        renewal,
        ByType({MESSAGE_RECEIVED: messages, CARD_PRESSED: presses}),
        deadline=settings.worker.deadline,
        attempts=settings.worker.attempts,
    )
    usher = Usher(
        Positions(store, keys), feishu, replies, when_busy, after=settings.worker.position_after
    )
    background = _running(
        renewal=renewal.run(),
        sweeper=Sweeper(Sweep(store, keys)).run(),
        interruptions=interruptions.run(),
        usher=usher.run(),
        watch=Watch(store, keys, health).run(),
    )
    return Worker(turns, stack, settings.worker.grace, health, background, running)


async def _probed(stack: AsyncExitStack, health: Health, settings: WorkerGroup) -> None:
    if settings.port is not None:
        probing = probes.served(health, host=settings.host, port=settings.port)
        await stack.enter_async_context(probing)


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


def _running(**loops: Coroutine[Any, Any, None]) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(loop, name=name) for name, loop in loops.items()]
    for task in tasks:
        task.add_done_callback(_end_the_worker)
    return tasks


def _end_the_worker(task: asyncio.Task[None]) -> None:
    """A worker whose leases nobody renews is worse than none: let it be started anew."""
    if not task.cancelled():
        log.critical("worker.broken", loop=task.get_name(), exc_info=task.exception())
        os.kill(os.getpid(), signal.SIGTERM)
