"""Feishu's long connection: discover, open, listen; and over again when it ends.

Facts 1. The platform gives each event to one random connection of the app, expects the ack within
3 s, and lets go of a connection whenever it likes. One that grew too quiet is kept until its
successor is open, so that no event falls between the two.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog

from ingress.sources.backoff import FIRST, Backoff
from ingress.sources.ended import ConnectionEnded
from ingress.sources.handshake import open_socket
from ingress.sources.open_connection import OpenConnection
from ingress.sources.refused import Judge
from shared.errors import FeishuRejected, TransientError
from shared.feishu.endpoint import ClientConfig, discover
from shared.feishu.refusals import TOO_MANY_CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ingress.health import Health
    from ingress.metrics import Metrics
    from ingress.sources.source import Delivery
    from shared.feishu.transport import Transport
    from shared.settings import Feishu

T = TypeVar("T")

_WAIT_AT_MOST: Final = 30.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class LongConnection:
    """The default source: a WebSocket, for ever."""

    def __init__(
        self, transport: Transport, feishu: Feishu, metrics: Metrics, health: Health
    ) -> None:
        self._transport = transport
        self._feishu = feishu
        self._metrics = metrics
        self._health = health
        self._side = health.side("socket")
        self._judge = Judge(transport, feishu)
        self._backoff = Backoff()
        self._config = ClientConfig()
        self._open: dict[OpenConnection, asyncio.Task[None]] = {}
        self._once_connected = False
        self._left = asyncio.Event()

    async def run(self, take: Callable[[Delivery], None]) -> None:
        """Hand every delivery to `take`, until left.

        Raises:
            ConfigurationError: Feishu refuses this app or its secret for good.
        """
        try:
            while not self._left.is_set():
                if (fresh := await self._unless_left(self._connect(take))) is not None:
                    await self._until_spent(fresh)
                await self._pause()
            await asyncio.gather(*self._open.values())
        finally:
            await self._drop()

    def leave(self) -> None:
        """Close every connection as soon as that costs no ack."""
        self._left.set()
        for connection in self._open:
            connection.leave()

    async def _unless_left(self, doing: Coroutine[Any, Any, T]) -> T | None:
        """Return what it returns; give it up, and return None, when everything is to be left."""
        done, left = asyncio.create_task(doing), asyncio.create_task(self._left.wait())
        try:
            await asyncio.wait([done, left], return_when=asyncio.FIRST_COMPLETED)
            return done.result() if done.done() else None
        finally:
            done.cancel()
            left.cancel()
            await asyncio.gather(done, left, return_exceptions=True)

    async def _connect(self, take: Callable[[Delivery], None]) -> OpenConnection | None:
        """Open and return one more connection, for which the others leave; None if it failed."""
        self._health.stir()
        try:
            endpoint = await discover(self._transport, self._feishu)
            self._config = endpoint.config
            fresh = OpenConnection(endpoint, self._metrics, self._health, take)
            await open_socket(endpoint.url, fresh)
        except ConnectionEnded as end:
            self._ended(end.cause, str(end))
        except TransientError as error:
            self._ended("discovery", str(error))
        except FeishuRejected as refused:
            await self._judge.judge(refused, once_connected=self._once_connected)
            too_many = refused.code == TOO_MANY_CONNECTIONS
            self._ended("too_many_connections" if too_many else "refused", str(refused))
        else:
            for old in self._open:
                old.leave()
            self._open[fresh] = asyncio.create_task(self._serve(fresh))
            if self._left.is_set():
                fresh.leave()
            self._once_connected = True
            self._side.up()
            self._health.heard(pong=True)
            log.info("connection.opened", device_id=fresh.device_id)
            return fresh
        return None

    async def _serve(self, connection: OpenConnection) -> None:
        """Run one connection to its end."""
        try:
            await connection.run()
        except ConnectionEnded as end:
            fault: ConnectionEnded | None = end
        else:
            fault = None
        finally:
            del self._open[connection]
        if fault is not None:
            self._ended(fault.cause, str(fault), device_id=connection.device_id)
        else:
            log.info("connection.left", device_id=connection.device_id)

    async def _until_spent(self, newest: OpenConnection) -> None:
        """Wait until the newest connection is to be replaced, or all are to be left."""
        await self._unless_left(newest.spent.wait())
        self._config = newest.config
        if newest.alive:
            self._backoff.reset()
        if newest.quiet:
            self._metrics.reconnects.labels("quiet").inc()
            log.info("connection.quiet", device_id=newest.device_id)
        elif newest.spent.is_set() and newest in self._open:
            await self._open[newest]

    async def _pause(self) -> None:
        """Wait before the next try; not at all once everything is left."""
        jitter = min(FIRST, self._config.reconnect_jitter)
        cap = min(_WAIT_AT_MOST, self._config.reconnect_interval)
        wait = self._backoff.next(cap=cap, jitter=jitter)
        if not self._left.is_set():
            log.info("connection.retrying", seconds=round(wait, 2))
        try:
            async with asyncio.timeout(wait):
                await self._left.wait()
        except TimeoutError:
            return

    async def _drop(self) -> None:
        serving = list(self._open.values())
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    def _ended(self, cause: str, reason: str, **ids: str) -> None:
        """A connection is over, or came to nothing; readiness minds only if it was the last."""
        self._metrics.reconnects.labels(cause).inc()
        log.warning("connection.ended", cause=cause, reason=reason, **ids)
        if not self._open:
            self._side.down(reason)
