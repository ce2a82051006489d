"""Several apps in one Redis: an ingress each, at full speed and at ten events a second."""

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
from benchmarks.clients import OURS, connected
from benchmarks.scale.spent import spent

if TYPE_CHECKING:
    from benchmarks.clients import Client
    from benchmarks.scale.sizes import Sizes

STEADY: Final = 10
"""Events a second of an app."""
_WARM_UP: Final = 200


async def measure(sizes: Sizes) -> dict[str, Any]:
    """Have one app accept, then several at once."""
    full, steady = [], []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = await stack.enter_async_context(server.running(folder / "redis"))
        client = await stack.enter_async_context(Redis(port=redis.port))
        apps: list[Client] = []
        for number in sizes.apps:
            while len(apps) < number:
                app_id = f"cli_{len(apps):016x}"
                started = connected(OURS, folder / app_id, redis_url=redis.url, app_id=app_id)
                apps.append(await stack.enter_async_context(started))
                await apps[-1].gateway.outstanding(_WARM_UP)
            await redis.empty()
            full.append(await _full(client, apps, sizes))
            await redis.empty()
            steady.append(await _steady(client, apps, sizes.steady_seconds))
    return {"full": full, "steady": steady}


async def _full(client: Redis, apps: list[Client], sizes: Sizes) -> dict[str, Any]:
    """Share the events out, a thousand outstanding in all; measure each round by itself."""
    events, window = sizes.events // len(apps), max(1, 1000 // len(apps))
    rates = []
    before = await spent(client, [app.pid for app in apps])
    for _ in range(sizes.rounds):
        begun = time.perf_counter()
        await asyncio.gather(*(app.gateway.outstanding(events, window=window) for app in apps))
        rates.append(round(events * len(apps) / (time.perf_counter() - begun), 1))
    used = await spent(client, [app.pid for app in apps]) - before
    total = events * len(apps) * sizes.rounds
    return {
        "apps": len(apps),
        "rates": rates,
        "rate": statistics.median(rates),
        "ingress_cpu_us": round(used.cpu / total * 1e6, 1),
        "redis_cpu_us": round(used.redis_cpu / total * 1e6, 1),
    }


async def _steady(client: Redis, apps: list[Client], seconds: float) -> dict[str, Any]:
    """Send each app ten events a second, one at a time."""
    pids = [app.pid for app in apps]
    before = await spent(client, pids)
    sent = await asyncio.gather(*(app.gateway.steady(STEADY, seconds) for app in apps))
    used = await spent(client, pids) - before
    latencies = [latency for acks, _ in sent for latency in acks]
    return {
        "apps": len(apps),
        "events": len(latencies),
        "failed": sum(failed for _, failed in sent),
        "ack_p50_ms": round(statistics.median(latencies) * 1000, 3),
        "ack_p99_ms": round(statistics.quantiles(latencies, n=100)[-1] * 1000, 3),
        "ingress_cpu_ms_per_s": round(used.cpu / used.seconds / len(apps) * 1000, 3),
        "redis_cpu_us": round(used.redis_cpu / len(latencies) * 1e6, 1),
        "redis_commands": round(used.commands / len(latencies), 1),
        "resident_mb": round(statistics.median(app.resident() for app in apps), 1),
    }
