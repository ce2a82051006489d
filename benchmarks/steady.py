"""A steady stream for a minute, and what Redis itself takes meanwhile.

Whatever a machine does to a latency it does to both: a `PING`, sent from the same process every
10 ms, is what a round trip to this Redis costs while it stores the events.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvloop

from benchmarks import server
from benchmarks.clients import OURS, connected
from benchmarks.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

STEADY: Final = "ack at a steady 1,000 events/s for 60 s, p99"
RATE: Final = 1_000
SECONDS: Final = 60
_SLICES: Final = 6
_WARM_UP: Final = 1_000
_PING_EVERY: Final = 0.01


def measure() -> list[Figure]:
    """Send a minute of events, pinging Redis."""
    acks, failed, pings = uvloop.run(_minute())
    return [
        Figure(
            name=STEADY,
            value=_p99(acks),
            unit="ms",
            raw=_slices(acks),
            goal=0.1,
            goal_on_ratio=True,
            beside="PING of Redis, p99",
            baseline=_p99(pings),
            baseline_raw=_slices(pings),
        ),
        Figure(
            name="of these, not acked 200 within 3 s",
            value=failed,
            unit="events",
            raw=[failed],
            goal=0,
        ),
    ]


async def _minute() -> tuple[list[float], int, list[float]]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = await stack.enter_async_context(server.running(folder / "redis"))
        client = await stack.enter_async_context(
            connected(OURS, folder / OURS, redis_url=redis.url)
        )
        await client.gateway.outstanding(_WARM_UP)
        pings: list[float] = []
        pinging = asyncio.create_task(_ping(redis.port, pings))
        acks, failed = await client.gateway.steady(RATE, SECONDS)
        pinging.cancel()
    return acks, failed, pings


async def _ping(port: int, seconds: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while True:
            sent = time.perf_counter()
            writer.write(b"PING\r\n")
            await reader.readline()
            seconds.append(time.perf_counter() - sent)
            await asyncio.sleep(_PING_EVERY)
    finally:
        writer.close()


def _slices(seconds: Sequence[float]) -> list[float]:
    """Return the p99 of each sixth of the time."""
    size = len(seconds) // _SLICES
    return [_p99(seconds[place * size : (place + 1) * size]) for place in range(_SLICES)]


def _p99(seconds: Sequence[float]) -> float:
    return round(statistics.quantiles(seconds, n=100)[-1] * 1000, 3)
