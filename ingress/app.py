"""The composition root: everything the ingress is made of, started and stopped in order."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

import structlog

from ingress.accept import Acceptor
from ingress.health import Health
from ingress.memory import settle_down
from ingress.metrics import Metrics
from ingress.probes import served
from ingress.sources.chosen import chosen
from ingress.store_watch import StoreWatch
from shared.feishu import transport as http
from shared.store import connection as redis
from shared.store.keys import Keys
from shared.store.mailbox import Mailboxes
from shared.store.wake import Wakes

if TYPE_CHECKING:
    from ingress.sources.source import Source
    from shared.settings import IngressSettings
    from shared.store.connection import Store

_STORE_TIMEOUT: Final = 2.0
_LAST_ACKS: Final = 2.0

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def run(settings: IngressSettings) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: only a human can mend it.
    """
    health = Health()
    metrics = Metrics(health)
    async with AsyncExitStack() as stack:
        probes = served(health, metrics, host=settings.ingress.host, port=settings.ingress.port)
        await stack.enter_async_context(probes)
        store = await stack.enter_async_context(
            redis.connected(settings.redis.url.get_secret_value(), timeout=_STORE_TIMEOUT)
        )
        transport = await stack.enter_async_context(http.connected(settings.feishu.domain))
        acceptor = Acceptor(
            Mailboxes(store, Keys(settings.feishu.app_id), Wakes()),
            metrics,
            health,
            max_event_bytes=settings.ingress.max_event_bytes,
        )
        sources = chosen(settings, transport, metrics, health)
        settle_down()
        await _serve(sources, acceptor, store, health)


async def _serve(sources: list[Source], acceptor: Acceptor, store: Store, health: Health) -> None:
    """Listen once Redis is there: until then another ingress is the better place for an event."""
    watch = StoreWatch(store, health)

    async def listen(source: Source) -> None:
        await watch.reached.wait()
        await source.run(acceptor.take)

    listening = [asyncio.create_task(listen(source), name="listen") for source in sources]
    tasks = [
        asyncio.create_task(watch.run(), name="watch"),
        asyncio.create_task(acceptor.run(), name="accept"),
        *listening,
        asyncio.create_task(_told_to_stop(), name="stop"),
    ]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
        log.info("ingress.stopping")
        for source in sources:
            source.leave()
        async with asyncio.timeout(_LAST_ACKS):
            await asyncio.gather(*listening)
            await acceptor.drained()
    except TimeoutError:
        log.warning("ingress.left_unanswered")
    finally:
        for task in reversed(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _told_to_stop() -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    await told.wait()
