"""Feishu's long connection: discover, open, listen, ping; and over again when it ends.

Facts 1. The platform gives each event to one random connection of the app, expects the ack within
3 s, and lets go of a connection whenever it likes.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, WSServerHandshakeError

from ingress.sources.backoff import Backoff
from ingress.sources.open_connection import ConnectionEnded, OpenConnection
from shared.errors import (
    ConfigurationError,
    CredentialsRejected,
    FeishuRejected,
    TransientError,
)
from shared.feishu.endpoint import discover
from shared.feishu.refusals import CREDENTIALS_OR_BUSY, TOO_MANY_CONNECTIONS
from shared.feishu.tokens import TenantTokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from aiohttp import ClientWebSocketResponse

    from ingress.health import Health
    from ingress.metrics import Metrics
    from ingress.sources.source import Delivery
    from shared.feishu.endpoint import Endpoint
    from shared.feishu.transport import Transport
    from shared.settings import Feishu

_OPEN_TIMEOUT: Final = 10.0
_HEARTBEAT: Final = 20.0
"""Seconds between RFC 6455 pings, which find a dead peer; the platform's own ping does not."""

_MESSAGE_AT_MOST: Final = 64 * 1024 * 1024  # closing on a large one would bring it again and again

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class LongConnection:
    """The default source: one WebSocket at a time, for ever."""

    def __init__(
        self, transport: Transport, feishu: Feishu, metrics: Metrics, health: Health
    ) -> None:
        self._transport = transport
        self._feishu = feishu
        self._metrics = metrics
        self._health = health
        self._backoff = Backoff()

    async def run(self, take: Callable[[Delivery], None]) -> None:
        """Hand every delivery to `take`.

        Raises:
            ConfigurationError: Feishu refuses this app or its secret for good.
        """
        while True:
            cap = await self._once(take)
            wait = self._backoff.next(cap=cap)
            log.info("connection.retrying", seconds=round(wait, 2), reason=self._health.socket)
            await asyncio.sleep(wait)

    async def _once(self, take: Callable[[Delivery], None]) -> float:
        """Connect and listen until it ends; return the longest wait before the next try."""
        cap = 60.0
        try:
            endpoint = await discover(self._transport, self._feishu)
            cap = endpoint.config.reconnect_interval
            async with self._opened(endpoint) as socket:
                await OpenConnection(socket, endpoint, self._metrics, self._health, take).run()
        except ConnectionEnded as end:
            self._ended(end.cause, str(end))
        except TransientError as error:
            self._ended("discovery", str(error))
        except FeishuRejected as refused:
            await self._judge(refused)
            self._ended("refused", str(refused))
        return cap

    @asynccontextmanager
    async def _opened(self, endpoint: Endpoint) -> AsyncIterator[ClientWebSocketResponse]:
        timeout = ClientTimeout(total=None, sock_connect=_OPEN_TIMEOUT)
        async with ClientSession(timeout=timeout, trust_env=True) as session:
            try:
                async with asyncio.timeout(_OPEN_TIMEOUT):
                    socket = await session.ws_connect(
                        endpoint.url, heartbeat=_HEARTBEAT, max_msg_size=_MESSAGE_AT_MOST
                    )
            except WSServerHandshakeError as refused:
                raise ConnectionEnded("handshake", _said(refused)) from refused
            except (ClientError, TimeoutError, OSError) as error:
                raise ConnectionEnded("handshake", type(error).__name__) from error
            self._backoff.reset()
            self._health.connected()
            log.info("connection.opened", device_id=endpoint.device_id)
            try:
                yield socket
            finally:
                self._health.socket = "closed"
                await socket.close()

    async def _judge(self, refused: FeishuRejected) -> None:
        """Give up only on what a human must mend.

        The code of a wrong secret is also said while the platform is busy, so the token endpoint,
        which is exact and costs no quota, has the last word.

        Raises:
            ConfigurationError: it is for a human.
        """
        if refused.code == TOO_MANY_CONNECTIONS:
            return
        if refused.code != CREDENTIALS_OR_BUSY:
            raise ConfigurationError(f"FEISHU_APP_ID: Feishu says {refused}") from refused
        try:
            await TenantTokens(self._transport, self._feishu).current()
        except CredentialsRejected as certain:
            raise ConfigurationError(
                f"FEISHU_APP_ID, FEISHU_APP_SECRET: Feishu says {refused}; {certain}"
            ) from certain
        except (TransientError, FeishuRejected) as unsure:
            log.warning("credentials.not_judged", reason=str(unsure))

    def _ended(self, cause: str, reason: str) -> None:
        self._health.socket = reason
        self._metrics.reconnects.labels(cause).inc()
        log.warning("connection.ended", cause=cause, reason=reason)


def _said(refused: WSServerHandshakeError) -> str:
    """What the platform writes into the headers of a refused handshake (facts 1.2)."""
    heard: Mapping[str, str] = refused.headers or {}
    status = heard.get("Handshake-Status", refused.status)
    return f"{status} {heard.get('Handshake-Autherrcode', '')} {heard.get('Handshake-Msg', '')}"
