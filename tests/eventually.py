"""Waiting for what must become true, with a deadline instead of a guess."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

PATIENCE: Final = 150.0
"""Seconds; what takes longer is broken, however busy the machine is. An event that was acked 500
may come again by the third rung of the platform's ladder (facts 2.1)."""

_LOOK_EVERY: Final = 0.02


def eventually(what: Callable[[], T], *, within: float = PATIENCE) -> T:
    """Return the first true value of `what()`; fail with its last one at the deadline."""
    deadline = time.monotonic() + within
    while not (value := what()):
        assert time.monotonic() < deadline, f"not within {within} s; last seen: {value!r}"
        time.sleep(_LOOK_EVERY)
    return value


async def soon(what: Callable[[], Awaitable[T]], *, within: float = PATIENCE) -> T:
    """The same on an event loop."""
    deadline = time.monotonic() + within
    while not (value := await what()):
        assert time.monotonic() < deadline, f"not within {within} s; last seen: {value!r}"
        await asyncio.sleep(_LOOK_EVERY)
    return value
