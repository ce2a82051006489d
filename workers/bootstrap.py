"""The composition root: what one worker process is made of."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import structlog

from shared.probes import served
from shared.store.engine import engine
from shared.store.keys import Keys
from shared.store.positions import Positions
from shared.store.sweep import Sweep
from shared.telemetry.tracing import traced
from shared.telemetry.turns import TurnMetrics
from workers.answering import answering
from workers.arrival import reached
from workers.health import Health
from workers.metrics import metrics
from workers.renewal import Renewal
from workers.sweeper import Sweeper
from workers.turns import Turns
from workers.usher import Usher
from workers.watch import Watch
from workers.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from shared.settings import WorkerSettings
    from shared.store.connection import Store
    from workers.answering import Answering

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


async def start(settings: WorkerSettings) -> Worker:
    """Build the object graph and start its loops, once Redis is there.

    Raises:
        ConfigurationError: it is one that will never do.
    """
    stack = AsyncExitStack()
    running: set[asyncio.Task[object]] = set()
    health = Health(lambda: len(running), places=settings.worker.concurrency)
    registry = metrics(health)
    turn_metrics = TurnMetrics(registry)
    trace = settings.trace
    await stack.enter_async_context(traced(trace.endpoint, ratio=trace.ratio, role="worker"))
    probing = served(
        health,
        registry,
        setting="LARKSPUR_WORKER__PORT",
        host=settings.worker.host,
        port=settings.worker.port,
    )
    await stack.enter_async_context(probing)
    keys = Keys(settings.feishu.app_id)
    store = await reached(stack, settings.redis.url.get_secret_value(), keys)
    answers = await answering(stack, settings, store, keys, registry, turn_metrics)
    renewal, turns = _turns(settings, store, keys, answers, turn_metrics)
    usher = _usher(settings, store, keys, answers)
    background = _running(
        renewal=renewal.run(),
        sweeper=Sweeper(Sweep(store, keys), turn_metrics).run(),
        interruptions=answers.interruptions.run(),
        usher=usher.run(),
        quota=answers.feishu.quota.run(),
        policy=answers.policy.run(),
        watch=Watch(store, keys, health).run(),
    )
    return Worker(turns, stack, settings.worker.grace, health, background, running)


def _turns(
    settings: WorkerSettings, store: Store, keys: Keys, answers: Answering, metrics: TurnMetrics
) -> tuple[Renewal, Turns]:
    conversations = engine(
        store,
        keys,
        lease=settings.worker.lease,
        exchanges=settings.history.exchanges,
        kept=settings.history.seconds,
    )
    renewal = Renewal(conversations.leases, seconds=settings.worker.lease)
    turns = Turns(
        conversations,
        renewal,
        answers.handler,
        deadline=settings.worker.deadline,
        attempts=settings.worker.attempts,
        metrics=metrics,
    )
    return renewal, turns


def _usher(settings: WorkerSettings, store: Store, keys: Keys, answers: Answering) -> Usher:
    return Usher(
        Positions(store, keys),
        answers.feishu,
        answers.replies,
        answers.when_busy,
        answers.hearing,
        answers.languages,
        after=settings.worker.position_after,
    )


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
