"""The composition root: everything the ingress is made of, started and stopped in order."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final

import structlog

from ingress.accept import Acceptor
from ingress.answering import Answering
from ingress.health import Health
from ingress.instant import load
from ingress.metrics import Metrics
from ingress.queue_watch import QueueWatch
from ingress.sources.chosen import chosen
from ingress.stopping import Stopping
from ingress.store_watch import StoreWatch
from ingress.systemd import Systemd
from shared.feishu import transport as http
from shared.feishu.events import Identify
from shared.memory import settle_down
from shared.probes import served
from shared.store import connection as redis
from shared.store.keys import Keys
from shared.store.mailbox import Mailboxes
from shared.telemetry.tracing import traced

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Sequence
    from typing import Any

    from ingress.sources.source import Source
    from shared.settings import IngressSettings

_STORE_TIMEOUT: Final = 2.5
_LAST_ACKS: Final = 6.5
"""Seconds: what a source may take to find a quiet moment, and its far side to say goodbye."""


log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


async def run(settings: IngressSettings) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: only a human can mend it.
    """
    health = Health()
    metrics = Metrics(health)
    instant = load(settings.ingress.instant)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(
            served(
                health,
                metrics.registry,
                setting="LARKSPUR_INGRESS__PORT",
                host=settings.ingress.host,
                port=settings.ingress.port,
            )
        )
        await stack.enter_async_context(
            traced(settings.trace.endpoint, ratio=settings.trace.ratio, role="ingress")
        )
        store = await stack.enter_async_context(
            redis.connected(settings.redis.url.get_secret_value(), timeout=_STORE_TIMEOUT)
        )
        transport = await stack.enter_async_context(http.connected(settings.feishu.domain))
        keys = Keys(settings.feishu.app_id)
        acceptor = Acceptor(
            Identify(at_most=settings.ingress.max_event_bytes, keep=settings.ingress.keep),
            Mailboxes(store.line(), keys),
            Answering(instant, metrics),
            metrics,
            health,
        )
        sources = chosen(settings, transport, metrics, health)
        watch = StoreWatch(store, keys, health)
        systemd = Systemd(health, lambda: health.ailments, os.environ)
        stopping = Stopping(health, grace=settings.ingress.grace)
        settle_down()
        queues = QueueWatch(store, keys, metrics)
        duties = [watch.run(), acceptor.run(), systemd.run(), queues.run()]
        duties += [_listen(source, acceptor, watch) for source in sources]
        async with _running(duties, until=stopping.due()) as listening:
            systemd.stopping()
            for source in sources:
                source.leave()
            if watch.reached.is_set():
                await _left(listening[-len(sources) :])
        log.info("ingress.stopped")


async def _listen(source: Source, acceptor: Acceptor, watch: StoreWatch) -> None:
    """Listen once Redis is there: until then another ingress is the better place for an event."""
    await watch.reached.wait()
    await source.run(acceptor.take)


@asynccontextmanager
async def _running(
    duties: Sequence[Coroutine[Any, Any, None]], *, until: Coroutine[Any, Any, None]
) -> AsyncIterator[Sequence[asyncio.Task[None]]]:
    """Enter the block when `until` is over; the duties go on in it, and end with it.

    Raises what a duty raised, if one ends before.
    """
    tasks = [asyncio.create_task(duty) for duty in duties]
    due = asyncio.create_task(until)
    try:
        ended, _ = await asyncio.wait([*tasks, due], return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
        yield tasks
    finally:
        for task in (*tasks, due):
            task.cancel()
        await asyncio.gather(*tasks, due, return_exceptions=True)


async def _left(listening: Sequence[asyncio.Task[None]]) -> None:
    """Wait until every source has answered what it took and closed its way."""
    _, late = await asyncio.wait(listening, timeout=_LAST_ACKS)
    if late:
        log.warning("ingress.left_unanswered")
