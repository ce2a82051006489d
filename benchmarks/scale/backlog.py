"""A backlog: all was accepted while no worker lived; now some drain it, and are watched."""

from __future__ import annotations

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from redis.asyncio import Redis

from benchmarks import server
from benchmarks.unhandled import KEYS, accept
from benchmarks.worker import working

if TYPE_CHECKING:
    from benchmarks.scale.sizes import Sizes

_LOOK_EVERY: Final = 0.5
_PATIENCE: Final = 1200.0


async def measure(sizes: Sizes) -> dict[str, Any]:
    """Drain `backlog` turns, of which each conversation has several, one after the other."""
    conversations = sizes.backlog // sizes.per_conversation
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = await stack.enter_async_context(server.running(folder / "redis"))
        client = await stack.enter_async_context(Redis(port=redis.port))
        await accept(redis.url, sizes.backlog, conversations=conversations)
        watching = asyncio.create_task(_watched(client))
        workers = [
            await stack.enter_async_context(
                working(folder / f"worker-{number}", REDIS_URL=redis.url)
            )
            for number in range(sizes.drainers)
        ]
        samples = await watching
        cpu = sum(worker.cpu() for worker in workers)
    most = max(sample["wakes"] for sample in samples)
    seconds = samples[-1]["at"]
    return {
        "turns": sizes.backlog,
        "conversations": conversations,
        "workers": sizes.drainers,
        "seconds": seconds,
        "rate": round(sizes.backlog / seconds, 1),
        "worker_cpu_s": round(cpu, 1),
        "wakes_pushed": samples[-1]["pushed"],
        "longest_queue": most,
        "samples": samples,
    }


async def _watched(client: Redis) -> list[dict[str, float]]:
    """Look until nobody waits any more; the start of the workers is part of the time."""
    samples = []
    begun = time.perf_counter()
    async with asyncio.timeout(_PATIENCE):
        while True:
            samples.append(await _look(client, time.perf_counter() - begun))
            if not samples[-1]["unsettled"]:
                return samples
            await asyncio.sleep(_LOOK_EVERY)


async def _look(client: Redis, at: float) -> dict[str, float]:
    queue = KEYS.queue("turns")
    async with client.pipeline() as pipeline:
        pipeline.llen(queue.wakes)
        pipeline.zcard(queue.waking)
        pipeline.zcard(queue.running)
        pipeline.get(KEYS.woken)
        pipeline.info("memory")
        wakes, waking, running, pushed, memory = await pipeline.execute()
    return {
        "at": round(at, 2),
        "wakes": wakes,
        "unsettled": waking + running,
        "pushed": int(pushed),
        "memory_mb": round(memory["used_memory"] / 2**20, 1),
    }
