"""The one event loop of a worker process, in a thread of its own.

Celery's threads are parking places: each waits here for its turn, which runs on the loop.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import TYPE_CHECKING, Any, TypeVar

import uvloop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")


class Loop:
    """A running loop that other threads hand work to."""

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="turns", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end, in the caller's context, and return or raise what comes of it."""
        context = contextvars.copy_context()  # ids bound by the caller's thread come along

        async def carried() -> T:
            return await asyncio.create_task(work, context=context)

        return asyncio.run_coroutine_threadsafe(carried(), self._loop).result()

    def call(self, function: Callable[[], object]) -> None:
        """Call a function on the loop, soon."""
        self._loop.call_soon_threadsafe(function)

    def close(self) -> None:
        """Stop the loop; what still runs on it is lost."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
