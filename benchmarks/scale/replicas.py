"""More workers: turns a second that only cost CPU, and of a model that lets them wait.

The first are bound by the cores of the machine, the second by how many turns a worker holds at
once; so it is the second that show what another replica is worth.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from redis.asyncio import Redis

from benchmarks import server
from benchmarks.asking import ask, world
from benchmarks.scale.spent import Spent, spent
from benchmarks.unhandled import accept, unsettled
from benchmarks.worker import working

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from benchmarks.scale.sizes import Sizes
    from benchmarks.worker import Worker

_NEVER: Final = "3600"
"""Nobody is told that they wait: what is measured is what an answer costs."""
_PATIENCE: Final = 300.0
_LOOKS: Final = 100
"""At a run that takes a known time: so few that they do not count in what Redis does."""
_LOOK_EVERY: Final = 0.02


async def measure(sizes: Sizes) -> dict[str, Any]:
    """Add worker after worker, and have them run turns of both kinds."""
    instant: list[dict[str, float]] = []
    waiting: list[dict[str, float]] = []
    long: dict[str, float] = {}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = await stack.enter_async_context(server.running(folder / "redis"))
        client = await stack.enter_async_context(Redis(port=redis.port))
        settings = await stack.enter_async_context(world(folder))
        settings |= {
            "REDIS_URL": redis.url,
            "LARKSPUR_WORKER__CONCURRENCY": str(sizes.concurrency),
            "LARKSPUR_WORKER__POSITION_AFTER": _NEVER,
        }
        workers: list[Worker] = []
        for number in sizes.workers:
            while len(workers) < number:
                started = working(folder / f"worker-{len(workers)}", **settings)
                workers.append(await stack.enter_async_context(started))
            await _warm(client, redis.url, workers)
            instant.append(await _instant(client, redis.url, workers, sizes))
            waiting.append(await _waiting(client, redis.url, workers, sizes))
            long = long or await _long(client, redis.url, workers, sizes)
        idle = await _idle(client, workers, sizes.idle_seconds)
    return {
        "instant": instant,
        "waiting": waiting,
        "long": long,
        "idle": idle,
        "waits": sizes.waits,
    }


async def _warm(client: Redis, url: str, workers: list[Worker]) -> None:
    """Have imported what is imported with the first turns."""
    await _drained(client, workers, lambda: _asked(url, 10 * len(workers), "1 100"))


async def _instant(
    client: Redis, url: str, workers: list[Worker], sizes: Sizes
) -> dict[str, float]:
    took = [
        await _drained(client, workers, lambda: accept(url, sizes.turns, conversations=sizes.turns))
        for _ in range(sizes.rounds)
    ]
    return _row(workers, sizes.turns, took)


async def _waiting(
    client: Redis, url: str, workers: list[Worker], sizes: Sizes
) -> dict[str, float]:
    turns = sizes.concurrency * sizes.waves * len(workers)
    one_chunk_after_so_long = f"1 {1 / sizes.waits}"
    took = await _drained(
        client,
        workers,
        lambda: _asked(url, turns, one_chunk_after_so_long),
        look_every=sizes.waits * sizes.waves / _LOOKS,
    )
    return _row(workers, turns, [took])


async def _long(client: Redis, url: str, workers: list[Worker], sizes: Sizes) -> dict[str, Any]:
    """Have every place of the workers taken once, by an answer as a model of today gives it."""
    turns = sizes.concurrency * len(workers)
    prompt = f"{sizes.chunks} {sizes.chunks / sizes.lasts}"
    took = await _drained(
        client,
        workers,
        lambda: _asked(url, turns, prompt),
        look_every=sizes.lasts / _LOOKS,
    )
    return {
        **_row(workers, turns, [took]),
        "chunks": sizes.chunks,
        "lasts": sizes.lasts,
    }


def _row(workers: list[Worker], turns: int, took: list[Spent]) -> dict[str, Any]:
    rates = [round(turns / one.seconds, 1) for one in took]
    total = turns * len(took)
    return {
        "workers": len(workers),
        "turns": turns,
        "rates": rates,
        "rate": statistics.median(rates),
        "cpu_ms": round(sum(one.cpu for one in took) / total * 1000, 3),
        "redis_cpu_ms": round(sum(one.redis_cpu for one in took) / total * 1000, 4),
        "redis_commands": round(sum(one.commands for one in took) / total, 1),
        "resident_mb": round(max(worker.resident() for worker in workers), 1),
    }


async def _drained(
    client: Redis,
    workers: list[Worker],
    fill: Callable[[], Awaitable[None]],
    *,
    look_every: float = _LOOK_EVERY,
) -> Spent:
    """Have mail accepted while the workers are frozen; return what it took them to settle it."""
    for worker in workers:
        worker.freeze()
    await fill()
    pids = [worker.process.pid for worker in workers]
    before = await spent(client, pids)
    for worker in workers:
        worker.thaw()
    async with asyncio.timeout(_PATIENCE):
        while await unsettled(client):  # noqa: ASYNC110 - another process settles
            await asyncio.sleep(look_every)
    return await spent(client, pids) - before


async def _asked(url: str, turns: int, prompt: str) -> None:
    await ask(url, turns, prompt)


async def _idle(client: Redis, workers: list[Worker], seconds: float) -> dict[str, float]:
    """Return what a worker spends a second that has nothing to do."""
    pids = [worker.process.pid for worker in workers]
    before, begun = await spent(client, pids), time.perf_counter()
    await asyncio.sleep(seconds)
    used, passed = await spent(client, pids) - before, time.perf_counter() - begun
    each = passed * len(workers)
    return {
        "cpu_ms_per_s": round(used.cpu / each * 1000, 3),
        "redis_cpu_ms_per_s": round(used.redis_cpu / each * 1000, 4),
        "redis_commands_per_s": round(used.commands / each, 1),
        "resident_mb": round(max(worker.resident() for worker in workers), 1),
    }
