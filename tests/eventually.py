"""Waiting for what must become true, with a deadline instead of a guess."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

_LOOK_EVERY = 0.02


def eventually(what: Callable[[], T], *, within: float = 15.0) -> T:
    """Return the first true value of `what()`; fail with its last one at the deadline."""
    deadline = time.monotonic() + within
    while not (value := what()):
        assert time.monotonic() < deadline, f"not within {within} s; last seen: {value!r}"
        time.sleep(_LOOK_EVERY)
    return value


async def soon(what: Callable[[], Awaitable[T]], *, within: float = 15.0) -> T:
    """The same on an event loop."""
    deadline = time.monotonic() + within
    while not (value := await what()):
        assert time.monotonic() < deadline, f"not within {within} s; last seen: {value!r}"
        await asyncio.sleep(_LOOK_EVERY)
    return value
