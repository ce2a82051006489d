"""One open long connection: frames in, acks out, and the truth about whether it lives.

Facts 1.3 and 1.4. A socket can be open and dead. So the platform's own ping is answered for by a
pong within two ping intervals and a margin, or the socket is given up; and one on which pongs
come but no events is relieved by a fresh one, since nothing on it could tell a quiet night from a
gateway that has forgotten us.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import orjson
import structlog
from picows import WSCloseCode, WSError, WSListener, WSMsgType

from ingress.sources import frames
from ingress.sources.acks import Acks
from ingress.sources.ended import ConnectionEnded, end_of
from ingress.sources.fragments import Fragments
from ingress.sources.messages import Messages
from ingress.sources.source import Delivery
from shared.errors import MalformedEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from picows import WSFrame, WSTransport

    from ingress.health import Health
    from ingress.metrics import Metrics
    from ingress.sources.frames import Frame
    from shared.feishu.endpoint import Endpoint

MARGIN: Final = 5.0
"""Seconds beyond two ping intervals; as many more are left for the replacement to connect."""

_TICK: Final = 0.5
_TRACE_ID_AT_MOST: Final = 128

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class OpenConnection(WSListener):
    """What is said on one open connection.

    `spent` is set when another one should be opened: this one has ended, or is `quiet`. `alive`
    tells whether a frame was ever heard on it, `opened` whether the handshake was completed.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        metrics: Metrics,
        health: Health,
        take: Callable[[Delivery], None],
    ) -> None:
        self._service = endpoint.service_id
        self._metrics = metrics
        self._health = health
        self._take = take
        self._fragments = Fragments()
        self._messages = Messages()
        self._leaving = self._abandoned = False
        self._disconnected = asyncio.Event()
        self._last_pong = self._last_event = time.monotonic()
        self.config = endpoint.config
        self.device_id = endpoint.device_id
        self.spent = asyncio.Event()
        self.opened = False
        self.alive = False
        self.quiet = False

    async def run(self) -> None:
        """Ping and watch until it is over; return when it was left.

        Raises:
            ConnectionEnded: it is over for any other reason.
        """
        try:
            await self._watch()
        finally:
            self.spent.set()
            self._transport.disconnect(graceful=False)
            with suppress(WSError):  # it is told in `end_of`; unheard, it would be told again
                await self._transport.wait_disconnected()
        if not self._leaving:
            raise end_of(self._transport)

    def leave(self) -> None:
        """Close it as soon as that costs no ack."""
        self._leaving = True
        self._acks.close()

    def abandon(self) -> None:
        """Close it at once, even if it opens only later: nobody will run it."""
        self._abandoned = True
        if self.opened:
            self._transport.disconnect(graceful=False)

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport, self._acks = transport, Acks(transport)
        self._last_pong = self._last_event = time.monotonic()
        self.opened = True
        if self._abandoned:
            transport.disconnect(graceful=False)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Hear one WebSocket frame. The connection outlives whatever is wrong with it."""
        try:
            if frame.msg_type is WSMsgType.CLOSE:
                transport.send_close(WSCloseCode.OK)
                transport.disconnect()
            elif (message := self._messages.add(frame)) is not None:
                self._hear(message)
        except MalformedEvent as error:
            self._metrics.rejected.labels(error.reason).inc()
            log.warning("frame.rejected", reason=error.reason, detail=str(error))
        except Exception:  # a bug of ours must not make the bot deaf
            self._metrics.rejected.labels("bug").inc()
            log.exception("frame.faulted")

    def on_ws_disconnected(self, _: WSTransport) -> None:
        self._disconnected.set()

    def _hear(self, message: bytes) -> None:
        frame = frames.decode(message)
        self.alive = True
        if frame.method == frames.DATA:
            self._last_event = time.monotonic()
            self._health.heard(pong=False)
            self._deliver(frame)
        elif frame.method == frames.CONTROL:
            self._hear_control(frame)
        else:
            raise MalformedEvent("unknown_method", str(frame.method))

    def _hear_control(self, frame: Frame) -> None:
        pong = frame.type == "pong"
        self._health.heard(pong=pong)
        if pong:
            self._last_pong = time.monotonic()
            if frame.payload:
                self.config = self.config.updated(_json(frame.payload))

    def _deliver(self, frame: Frame) -> None:
        """Pass on a whole event; it is acked with the frame of the part that completed it."""
        payload = self._fragments.add(frame)
        if payload is None:
            return
        trace_id = frame.header("trace_id")[:_TRACE_ID_AT_MOST]
        delivery = Delivery(payload, trace_id, time.time(), self._acks.owe(frame))
        try:
            self._take(delivery)
        except BaseException:
            self._acks.forgive(frame)
            raise

    async def _watch(self) -> None:
        """Ping as often as the server asks, and judge what comes back, or does not."""
        ping_at = 0.0
        while not self._disconnected.is_set():
            self._health.stir()
            now = time.monotonic()
            interval = self.config.ping_interval
            ping_at = min(ping_at, now + interval)  # a server may ask for more of them at any time
            if now >= ping_at:
                self._transport.send(WSMsgType.BINARY, frames.ping(self._service))
                ping_at = now + interval
            self._judge(now, 2 * interval + MARGIN)
            await self._tick()

    def _judge(self, now: float, patience: float) -> None:
        if (silence := now - self._last_pong) > patience:
            raise ConnectionEnded("no_pong", f"no pong for {silence:.0f} s")
        if now - self._last_event > patience:
            self.quiet = True
            self.spent.set()

    async def _tick(self) -> None:
        try:
            async with asyncio.timeout(_TICK):
                await self._disconnected.wait()
        except TimeoutError:
            return


def _json(payload: bytes) -> object:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise MalformedEvent("bad_pong", str(error)) from error
