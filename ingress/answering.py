"""Running the instant answers, beside the storing of the events they answer."""

from __future__ import annotations

import asyncio
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson
import structlog

from ingress.sources.source import Ack
from shared.feishu.envelope import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingress.instant import Instant
    from ingress.metrics import Metrics
    from ingress.sources.source import Delivery
    from shared.model.event import Event

T = TypeVar("T")

BUDGET: Final = 1.0
"""Seconds a declared function may take; then the answer goes without it."""

_AT_ONCE: Final = 16

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Failed(Exception):
    """A declared function raised, or returned what is no answer."""


class Answering:
    """Adds to the ack of a callback what its declared function says."""

    def __init__(self, functions: Mapping[str, Instant], metrics: Metrics) -> None:
        self._functions = functions
        self._metrics = metrics
        self._running = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    def of(self, event: Event, delivery: Delivery) -> Delivery:
        """Return the delivery; once it is acked as stored, the function's answer goes along."""
        function = self._functions.get(event.type)
        if function is None:
            return delivery
        said = self._kept(asyncio.create_task(self._ask(function, event, delivery.payload)))

        async def pass_on() -> None:
            delivery.answer(Ack(HTTPStatus.OK, await said))

        def answer(ack: Ack) -> None:
            if ack.code == HTTPStatus.OK:
                self._kept(asyncio.create_task(pass_on()))
            else:
                said.cancel()
                delivery.answer(ack)

        return delivery._replace(answer=answer)

    def _kept(self, task: asyncio.Task[T]) -> asyncio.Task[T]:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _ask(self, function: Instant, event: Event, payload: bytes) -> bytes:
        """Return the answer's JSON, empty for none or none in time."""
        fate, answer = "answered", b""
        try:
            async with asyncio.timeout(BUDGET):
                answer = await self._in_thread(function, payload)
        except TimeoutError:
            fate = "late"
        except Failed as failed:
            fate = "failed"
            log.warning("instant.failed", event_type=event.type, reason=str(failed))
        self._metrics.instant.labels(event.type, fate).inc()
        return answer

    async def _in_thread(self, function: Instant, payload: bytes) -> bytes:
        """Run it where a hanging one holds up nobody; while too many hang, none is run."""
        if self._running >= _AT_ONCE:
            raise Failed("too many hang")
        loop = asyncio.get_running_loop()
        said: asyncio.Future[bytes | Failed] = loop.create_future()
        self._running += 1

        def hear(answer: bytes | Failed) -> None:
            self._running -= 1
            if not said.done():
                said.set_result(answer)

        def run() -> None:
            answer = _called(function, payload)
            if not loop.is_closed():
                loop.call_soon_threadsafe(hear, answer)

        threading.Thread(target=run, name="instant", daemon=True).start()
        answer = await said
        if isinstance(answer, Failed):
            raise answer
        return answer


def _called(function: Instant, payload: bytes) -> bytes | Failed:
    try:
        answer = function(parsed(payload)["event"])
        return b"" if answer is None else orjson.dumps(answer)
    except Exception as error:  # noqa: BLE001 - a user waits, whatever the team's code does
        return Failed(type(error).__name__)
