"""One open long connection: frames in, acks out, and the truth about whether it lives.

Facts 1.3 and 1.4. A socket can be open and dead. So the platform's own ping is answered for by a
pong within two ping intervals and a margin, or the socket is given up; and one on which pongs
come but no events is relieved by a fresh one, since nothing on it could tell a quiet night from a
gateway that has forgotten us.
"""

from __future__ import annotations

import asyncio
import base64
import time
from typing import TYPE_CHECKING, Final

import orjson
import structlog
from aiohttp import ClientError, WSCloseCode, WSMsgType

from ingress.sources import frames
from ingress.sources.fragments import Fragments
from ingress.sources.source import Delivery
from shared.errors import MalformedEvent, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import ClientWebSocketResponse, WSMessage

    from ingress.health import Health
    from ingress.metrics import Metrics
    from ingress.sources.frames import Frame
    from ingress.sources.source import Ack
    from shared.feishu.endpoint import Endpoint

MARGIN: Final = 5.0
"""Seconds beyond two ping intervals; as many more are left for the replacement to connect."""

_TICK: Final = 0.5
_CANNOT_SEND: Final = (ClientError, ConnectionError, RuntimeError)
_TRACE_ID_AT_MOST: Final = 128

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class ConnectionEnded(TransientError):
    """The long connection is over. `cause` is one word, a metric label."""

    def __init__(self, cause: str, message: str | None = None) -> None:
        super().__init__(message or cause)
        self.cause = cause


class OpenConnection:
    """What is said on one open connection.

    `spent` is set when another one should be opened: this one has ended, or is `quiet`. `alive`
    tells whether a frame was ever heard on it.
    """

    def __init__(
        self,
        socket: ClientWebSocketResponse,
        endpoint: Endpoint,
        metrics: Metrics,
        health: Health,
        take: Callable[[Delivery], None],
    ) -> None:
        self._socket = socket
        self._service = endpoint.service_id
        self._metrics = metrics
        self._health = health
        self._take = take
        self._fragments = Fragments()
        self._outbox: list[bytes] = []
        self._in_flight = 0
        self._leaving = False
        self._due = asyncio.Event()
        self._last_pong = self._last_event = time.monotonic()
        self.config = endpoint.config
        self.device_id = endpoint.device_id
        self.spent = asyncio.Event()
        self.alive = False
        self.quiet = False

    async def run(self) -> None:
        """Listen, answer and ping; return when it was left.

        Raises:
            ConnectionEnded: it has, otherwise.
        """
        parts = [asyncio.create_task(part()) for part in (self._listen, self._write, self._watch)]
        try:
            ended, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
            await self._socket.close(code=WSCloseCode.OK)
        finally:
            self.spent.set()
            for task in parts:
                task.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    def leave(self) -> None:
        """Close it at the first moment at which nothing is in flight.

        The platform knows no way to ask for no more events, so what it sends in the instant of
        closing comes again by its ladder, and dedup knows what was stored.
        """
        self._leaving = True
        self._due.set()

    async def _listen(self) -> None:
        async for message in self._socket:
            try:
                self._hear(message)
            except MalformedEvent as error:  # the connection lives on
                self._metrics.rejected.labels(error.reason).inc()
                log.warning("frame.rejected", reason=error.reason, detail=str(error))
            except Exception:  # a bug of ours must not make the bot deaf
                self._metrics.rejected.labels("bug").inc()
                log.exception("frame.faulted")
        fault = self._socket.exception()
        if fault is not None:
            raise ConnectionEnded("broken", str(fault) or type(fault).__name__)
        raise ConnectionEnded("closed", f"closed by the platform ({self._socket.close_code})")

    def _hear(self, message: WSMessage) -> None:
        if message.type is not WSMsgType.BINARY:
            raise MalformedEvent("not_binary", message.type.name)
        frame = frames.decode(message.data)
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
        received_at = time.time()
        self._in_flight += 1

        def answer(ack: Ack) -> None:
            taken = int((time.time() - received_at) * 1000)
            self._in_flight -= 1
            self._outbox.append(frame.answered(_body(ack), milliseconds=max(taken, 0)))
            self._due.set()

        trace_id = frame.headers.get("trace_id", "")[:_TRACE_ID_AT_MOST]
        self._take(Delivery(payload, trace_id, received_at, answer))

    async def _write(self) -> None:
        """Send what is due; return once it is left and nothing is in flight any more."""
        while not self._leaving or self._in_flight or self._outbox:
            await self._due.wait()
            self._due.clear()
            due, self._outbox = self._outbox, []
            try:
                for message in due:
                    await self._socket.send_bytes(message)
            except _CANNOT_SEND as error:
                # The platform will bring it again, and dedup will know it.
                raise ConnectionEnded("broken", f"cannot send: {error}") from error

    async def _watch(self) -> None:
        """Ping as often as the server asks, and judge what comes back, or does not."""
        ping_at = 0.0
        while True:
            self._health.stir()
            now = time.monotonic()
            interval = self.config.ping_interval
            if now >= ping_at:
                self._outbox.append(frames.ping(self._service))
                self._due.set()
                ping_at = now + interval
            ping_at = min(ping_at, now + interval)  # a server may ask for more pings at any time
            patience = 2 * interval + MARGIN
            if now - self._last_pong > patience:
                raise ConnectionEnded("no_pong", f"no pong for {now - self._last_pong:.0f} s")
            if now - self._last_event > patience:
                self.quiet = True
                self.spent.set()
            await asyncio.sleep(_TICK)


def _body(ack: Ack) -> bytes:
    if not ack.data:
        return b'{"code":%d}' % ack.code
    return b'{"code":%d,"data":"%b"}' % (ack.code, base64.b64encode(ack.data))


def _json(payload: bytes) -> object:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise MalformedEvent("bad_pong", str(error)) from error
