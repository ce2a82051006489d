"""Feishu's long connection through the official SDK: the insurance if the protocol changes.

Beside the default source it is slow and heavy: 220 MB, seconds to start, one event at a time, and
after a lost connection up to `ReconnectInterval` seconds until the next try (facts 7). It finds
a proxy in the environment for discovery only. What the SDK cannot be taught is answered for here:
a client that gave up, or is deaf for too long, ends the process, so that it is started anew.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from ingress.sources.refused import Judge
from ingress.sources.sdk_client import Client, ClientThread
from shared.errors import FeishuUnavailable
from shared.feishu import transport as http

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingress.health import Health
    from ingress.metrics import Metrics
    from ingress.sources.source import Delivery
    from shared.errors import FeishuRejected
    from shared.settings import Feishu

DEAF_AT_MOST: Final = 300.0
"""Time for two of the SDK's own tries to reconnect."""

_LOOK_EVERY: Final = 1.0
_CLOSE_WITHIN: Final = 5.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Sdk:
    """The source `sdk`. `deaf_at_most` is how many seconds without a living connection it bears."""

    def __init__(
        self,
        feishu: Feishu,
        metrics: Metrics,
        health: Health,
        *,
        deaf_at_most: float = DEAF_AT_MOST,
    ) -> None:
        self._feishu = feishu
        self._deaf_at_most = deaf_at_most
        self._metrics = metrics
        self._health = health
        self._side = health.side("socket")
        self._heard_at = 0.0
        self._once_connected = False
        self._connected = False
        self._left = asyncio.Event()

    async def run(self, take: Callable[[Delivery], None]) -> None:
        """Hand every delivery to `take`, until left.

        Raises:
            ConfigurationError: Feishu refuses this app or its secret for good.
            FeishuUnavailable: the SDK gave up, or was deaf for too long; a new process may not be.
        """
        here = asyncio.get_running_loop()

        def hand_over(delivery: Delivery) -> None:
            here.call_soon_threadsafe(take, delivery)

        def heard(pong: bool) -> None:
            here.call_soon_threadsafe(lambda: self._health.heard(pong=pong))

        thread = ClientThread(lambda: Client(self._feishu, hand_over, heard))
        thread.start()
        try:
            await self._watch(thread)
        finally:
            thread.leave()
        await asyncio.to_thread(thread.join, _CLOSE_WITHIN)
        self._side.down("left")
        log.info("connection.ended", cause="left", reason="left")

    def leave(self) -> None:
        """Have what is here answered, and the connection closed."""
        self._left.set()

    async def _watch(self, thread: ClientThread) -> None:
        """Keep `Health` true until left; the SDK tells nobody how it is."""
        self._heard_at = time.monotonic()
        while not self._left.is_set():
            if thread.refused:
                await self._give_up(thread.refused)
            if not thread.is_alive():
                raise FeishuUnavailable("the SDK's client has ended")
            self._look(thread)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._left.wait()

    def _look(self, thread: ClientThread) -> None:
        now, deaf = time.monotonic(), thread.deaf
        if not deaf:
            self._heard_at = now
            self._once_connected = True
            self._side.up()
            if not self._connected:
                log.info("connection.opened", device_id=thread.device_id)
        else:
            self._side.down(deaf)
            if self._connected:
                self._metrics.reconnects.labels("closed").inc()
                log.warning("connection.ended", cause="closed", reason=deaf)
        self._connected = not deaf
        if now - self._heard_at > self._deaf_at_most:
            raise FeishuUnavailable(f"deaf for {now - self._heard_at:.0f} s: {deaf}")

    async def _give_up(self, refused: FeishuRejected) -> NoReturn:
        """End the process for a human, or for another try, as far as that can be known."""
        self._side.down(str(refused))
        self._metrics.reconnects.labels("refused").inc()
        async with http.connected(self._feishu.domain) as transport:
            await Judge(transport, self._feishu).judge(refused, once_connected=self._once_connected)
        raise FeishuUnavailable(f"the SDK gave up: {refused}") from refused
