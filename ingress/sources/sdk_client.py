"""The SDK's WebSocket client, on a thread of its own; the only place that knows `lark_oapi`.

Facts 7. The client takes its loop from the module, blocks it while a handler runs, and `start`
never returns. So it lives on a thread; what it hands us is answered from the ingress' loop while
its own loop waits.
"""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson
from lark_oapi.core.enum import LogLevel
from lark_oapi.ws import client as sdk

from ingress.sources.open_connection import MARGIN
from ingress.sources.source import Delivery
from shared.errors import FeishuRejected, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingress.sources.source import Ack
    from shared.settings import Feishu

_ANSWER_WITHIN: Final = 2.9
"""Seconds from the frame to the ack, at most; the platform waits 3 (facts 2.1)."""

_TRACE_ID_AT_MOST: Final = 128
_ASKED_FOR: Final = 120.0
"""Seconds between pings when a pushed config forgot to say."""


class Client(sdk.Client):
    """The official client, which listens, reconnects and acks; overrides tell how it is.

    `take` gets every delivery, and `heard` is told of every frame, on the client's own thread.
    """

    def __init__(
        self, feishu: Feishu, take: Callable[[Delivery], None], heard: Callable[[bool], None]
    ) -> None:
        super().__init__(
            feishu.app_id,
            feishu.app_secret.get_secret_value(),
            log_level=LogLevel.ERROR,  # below, it logs URLs with their ticket, and payloads
            event_handler=self,
            domain=feishu.domain,
        )
        self._take = take
        self._tell = heard
        self._one_at_a_time = asyncio.Lock()
        self._trace_id = ""
        self._received_at = 0.0
        self._last_heard = time.monotonic()
        self._receiving: asyncio.Task[None] | None = None
        self.refused: FeishuRejected | None = None

    @property
    def device_id(self) -> str:
        """Name the open connection; empty for none."""
        return str(self._conn_id)

    @property
    def deaf(self) -> str:
        """Say why nothing can be heard; empty if it can."""
        if self._conn is None:
            return "not connected"
        silent = time.monotonic() - self._last_heard
        if silent > 2 * (self._ping_interval or _ASKED_FOR) + MARGIN:
            return f"no frame for {silent:.0f} s"
        return ""

    async def leave(self) -> None:
        """Read no more, answer what was read, close the connection, and end `start`.

        The platform knows no way to ask for no more events: what it still sends comes again by
        its ladder.
        """
        if self._receiving:
            self._receiving.cancel()
        async with self._one_at_a_time:
            await self._disconnect()
            while True:  # `start` may stand between two of its tasks
                for task in asyncio.all_tasks() - {asyncio.current_task()}:
                    task.cancel()
                await asyncio.sleep(0.05)

    async def _connect(self) -> None:
        """Keep the refusal that makes the client give up, which on a reconnect nobody hears of."""
        self._last_heard = time.monotonic()
        try:
            await super()._connect()
        except sdk.ClientException as refused:
            self.refused = FeishuRejected(refused.code, str(refused.args[0]))
            raise

    async def _receive_message_loop(self) -> None:
        self._receiving = asyncio.current_task()
        await super()._receive_message_loop()

    async def _handle_control_frame(self, frame: Any) -> None:
        self._heard(pong=True)
        await super()._handle_control_frame(frame)

    async def _handle_data_frame(self, frame: Any) -> None:
        """Take a `card` for the event it is, which the SDK would drop without an ack.

        One frame at a time, so that a handler that waits does not keep others from being read,
        nor the socket from being kept alive.
        """
        received_at = time.time()
        self._heard(pong=False)
        headers = {header.key: header for header in frame.headers}
        if "type" in headers and headers["type"].value == "card":
            headers["type"].value = "event"
        async with self._one_at_a_time:
            self._received_at = received_at
            self._trace_id = headers["trace_id"].value[:_TRACE_ID_AT_MOST]
            await super()._handle_data_frame(frame)

    def _do_without_validation(self, payload: bytes) -> Any:
        """Be the client's handler: return what a callback is answered with.

        Raises:
            TransientError: it is to come again; the client acks 500.
        """
        patience = self._received_at + _ANSWER_WITHIN - time.time()
        if patience <= 0:
            raise TransientError("waited too long for the events before it")
        answered: Future[Ack] = Future()
        self._take(Delivery(payload, self._trace_id, self._received_at, answered.set_result))
        try:
            ack = answered.result(timeout=patience)
        except TimeoutError as late:
            raise TransientError("not answered in time") from late
        if ack.code is not HTTPStatus.OK:
            raise TransientError("not stored")
        return orjson.loads(ack.data) if ack.data else None

    def _heard(self, *, pong: bool) -> None:
        self._last_heard = time.monotonic()
        self._tell(pong)


class ClientThread(threading.Thread):
    """Runs one client until it is left, or gives up; the process need not wait for it."""

    def __init__(self, make: Callable[[], Client]) -> None:
        super().__init__(name="sdk", daemon=True)
        self._make = make
        self._loop = asyncio.new_event_loop()
        self._client: Client | None = None
        self._leaving: asyncio.Task[None] | None = None

    @property
    def device_id(self) -> str:
        return self._client.device_id if self._client else ""

    @property
    def deaf(self) -> str:
        return self._client.deaf if self._client else "starting"

    @property
    def refused(self) -> FeishuRejected | None:
        """What Feishu said when the client gave up for good."""
        return self._client.refused if self._client else None

    def run(self) -> None:
        sdk.logger.handlers.clear()  # its lines go where all others go
        sdk.loop = self._loop
        asyncio.set_event_loop(self._loop)
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.get_loop()  # which the runner clears up at the end
            self._client = self._make()  # here, since it takes hold of the thread's loop
            with suppress(asyncio.CancelledError, sdk.ClientException):
                self._client.start()

    def leave(self) -> None:
        """Have the client leave; `join` tells when it has."""
        with suppress(RuntimeError):  # its loop is closed: it has ended
            self._loop.call_soon_threadsafe(self._begin_leaving)

    def _begin_leaving(self) -> None:
        if self._client and not self._leaving:
            self._leaving = self._loop.create_task(self._client.leave())
