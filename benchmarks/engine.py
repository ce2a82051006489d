"""What the engine itself costs: turns from wake to settle, with nothing to do in them.

Mail of a kind that nobody handles is accepted while the workers are frozen; then they are let loose
on it. So a turn is all that every turn is: Celery's delivery, the lease, the mail read, the handler
found, the outcome settled; without a model and without Feishu, and nothing else runs but Redis.
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
from redis.asyncio import Redis

from benchmarks import server
from benchmarks.figure import Figure
from benchmarks.unhandled import accept, unsettled
from benchmarks.worker import working

if TYPE_CHECKING:
    from benchmarks.worker import Worker

TURNS: Final = 3_000
ROUNDS: Final = 5
_PATIENCE: Final = 120.0
_LOOK_EVERY: Final = 0.02


def measure() -> list[Figure]:
    """Run turns on one worker, then on two, in turns."""
    one, two, cpu = uvloop.run(_rounds())
    return [
        Figure(
            name="engine CPU per turn, wake to settle",
            value=statistics.median(cpu),
            unit="ms",
            raw=cpu,
            goal=6.0,
        ),
        Figure(
            name="turns per second, two workers",
            value=statistics.median(two),
            unit="1/s",
            raw=two,
            more_is_better=True,
            goal=1.7,
            goal_on_ratio=True,
            beside="one worker",
            baseline=statistics.median(one),
            baseline_raw=one,
        ),
    ]


async def _rounds() -> tuple[list[float], list[float], list[float]]:
    one: list[float] = []
    two: list[float] = []
    cpu: list[float] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = await stack.enter_async_context(server.running(folder / "redis"))
        client = await stack.enter_async_context(Redis(port=redis.port))
        first = await stack.enter_async_context(working(folder / "first", REDIS_URL=redis.url))
        await _rate(client, redis.url, first)  # what is imported late is not paid for again
        for number in range(ROUNDS):
            before = first.cpu()
            one.append(await _rate(client, redis.url, first))
            cpu.append(round((first.cpu() - before) / TURNS * 1000, 3))
            async with working(folder / f"second-{number}", REDIS_URL=redis.url) as second:
                two.append(await _rate(client, redis.url, first, second))
    return one, two, cpu


async def _rate(client: Redis, url: str, *workers: Worker) -> float:
    """Have a turn run in each of many conversations; return turns a second."""
    for worker in workers:
        worker.freeze()
    await accept(url, TURNS, conversations=TURNS)
    begun = time.perf_counter()
    for worker in workers:
        worker.thaw()
    async with asyncio.timeout(_PATIENCE):
        while await unsettled(client):  # noqa: ASYNC110 - another process settles
            await asyncio.sleep(_LOOK_EVERY)
    return round(TURNS / (time.perf_counter() - begun), 1)
