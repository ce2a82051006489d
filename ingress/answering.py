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

BYTES_AT_MOST: Final = 64 * 1024
"""A card is 30 KB at most (facts 4); what is twice as large would be no answer to the platform."""

_AT_ONCE: Final = 16
"""Functions that run at a time; the others wait, within their budget, for one to end."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Failed(Exception):
    """A declared function raised, or returned what is no answer."""


class Answering:
    """Adds to the ack of a callback what its declared function says."""

    def __init__(self, functions: Mapping[str, Instant], metrics: Metrics) -> None:
        self._functions = functions
        self._metrics = metrics
        self._free = asyncio.Semaphore(_AT_ONCE)
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
        """Run it where one that hangs holds up nobody; it keeps its place until it ends.

        Raises:
            Failed: there is no answer.
        """
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        said: asyncio.Future[bytes | Failed] = loop.create_future()

        def hear(answer: bytes | Failed) -> None:
            self._free.release()
            if not said.done():
                said.set_result(answer)

        def run() -> None:
            answer = _called(function, payload)
            if not loop.is_closed():
                loop.call_soon_threadsafe(hear, answer)

        try:
            threading.Thread(target=run, name="instant", daemon=True).start()
        except RuntimeError as error:  # the system gives no more threads
            self._free.release()
            raise Failed(str(error)) from error
        answer = await said
        if isinstance(answer, Failed):
            raise answer
        return answer


def _called(function: Instant, payload: bytes) -> bytes | Failed:
    """Return the answer's JSON: an object, or nothing for none."""
    try:
        answer = function(parsed(payload)["event"])
        said = b"" if answer is None else orjson.dumps(answer)
    except BaseException as error:  # noqa: BLE001 - a user waits, whatever the team's code does
        return Failed(type(error).__name__)
    if said and not said.startswith(b"{"):
        return Failed(f"{type(answer).__name__} is no answer")
    if len(said) > BYTES_AT_MOST:
        return Failed(f"{len(said)} bytes")
    return said
