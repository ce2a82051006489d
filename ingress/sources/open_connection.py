"""One open long connection: hearing frames, acking events, pinging (facts 1.3 and 1.4)."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import orjson
import structlog
from aiohttp import ClientError, WSMsgType

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
    from shared.feishu.endpoint import Endpoint

_CANNOT_SEND: Final = (ClientError, ConnectionError, RuntimeError)
_PONG_MARGIN: Final = 10.0
_TRACE_ID_AT_MOST: Final = 128

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class ConnectionEnded(TransientError):
    """The long connection is over. `cause` is one word, a metric label."""

    def __init__(self, cause: str, message: str | None = None) -> None:
        super().__init__(message or cause)
        self.cause = cause


class OpenConnection:
    """What is said on one open connection."""

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
        self._config = endpoint.config
        self._metrics = metrics
        self._health = health
        self._take = take
        self._fragments = Fragments()

    async def run(self) -> None:
        """Listen and ping until the connection ends.

        Raises:
            ConnectionEnded: it has.
        """
        listening = asyncio.create_task(self._listen())
        pinging = asyncio.create_task(self._ping())
        try:
            ended, _ = await asyncio.wait((listening, pinging), return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            for task in (listening, pinging):
                task.cancel()
            await asyncio.gather(listening, pinging, return_exceptions=True)

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
        raise ConnectionEnded("closed", f"closed by the platform ({self._socket.close_code})")

    def _hear(self, message: WSMessage) -> None:
        if message.type is not WSMsgType.BINARY:
            raise MalformedEvent("not_binary", message.type.name)
        frame = frames.decode(message.data)
        self._health.heard(pong=frame.type == "pong")
        if frame.method == frames.CONTROL:
            if frame.type == "pong" and frame.payload:
                self._config = self._config.updated(_json(frame.payload))
        elif frame.method == frames.DATA:
            self._deliver(frame)
        else:
            raise MalformedEvent("unknown_method", str(frame.method))

    def _deliver(self, frame: Frame) -> None:
        """Pass on a whole event; it is acked with the frame of the part that completed it."""
        payload = self._fragments.add(frame)
        if payload is None:
            return
        started = time.monotonic()

        async def answer(code: int) -> None:
            taken = int((time.monotonic() - started) * 1000)
            ack = frame.answered(b'{"code":%d}' % code, milliseconds=taken)
            try:
                await self._socket.send_bytes(ack)
            except _CANNOT_SEND as error:
                # The platform will bring it again, and dedup will know it.
                log.warning("ack.undeliverable", reason=str(error), trace_id=trace_id)

        trace_id = frame.headers.get("trace_id", "")[:_TRACE_ID_AT_MOST]
        self._take(Delivery(payload, trace_id, time.time(), answer))

    async def _ping(self) -> None:
        """Ping as often as the server asks; a server that stops answering is left."""
        while True:
            try:
                await self._socket.send_bytes(frames.ping(self._service))
            except _CANNOT_SEND as error:
                raise ConnectionEnded("closed", str(error)) from error
            await asyncio.sleep(self._config.ping_interval)
            silence = time.monotonic() - (self._health.last_pong or 0.0)
            if silence > 2 * self._config.ping_interval + _PONG_MARGIN:
                raise ConnectionEnded("no_pong", f"no pong for {silence:.0f} s")


def _json(payload: bytes) -> object:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise MalformedEvent("bad_pong", str(error)) from error
