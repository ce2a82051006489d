"""More conversations with mail: what accepting, a sweep, a begin and a settle cost then."""

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
from benchmarks.unhandled import KEYS
from shared.model.ids import ConversationId
from shared.store import connection
from shared.store.engine import engine
from shared.store.sweep import POPPED_WAKE_BEGINS_WITHIN, Sweep

if TYPE_CHECKING:
    from benchmarks.clients import Client
    from benchmarks.scale.sizes import Sizes
    from benchmarks.server import Server
    from shared.store.connection import Store

_WARM_UP: Final = 1_000
_MARGIN: Final = 0.5


async def measure(sizes: Sizes) -> list[dict[str, Any]]:
    """Fill an empty Redis with one event in each of so many conversations, then look around."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = await stack.enter_async_context(server.running(folder / "redis"))
        client = await stack.enter_async_context(Redis(port=redis.port))
        store = await stack.enter_async_context(connection.connected(redis.url, timeout=30))
        ingress = await stack.enter_async_context(
            connected(OURS, folder / OURS, redis_url=redis.url)
        )
        await ingress.gateway.outstanding(_WARM_UP)
        return [
            await _filled(redis, ingress, client, store, conversations, sizes)
            for conversations in sizes.conversations
        ]


async def _filled(
    redis: Server,
    ingress: Client,
    client: Redis,
    store: Store,
    conversations: int,
    sizes: Sizes,
) -> dict[str, Any]:
    await redis.empty()
    empty = await redis.used_memory()
    filling = await ingress.gateway.outstanding(conversations, conversations=conversations)
    full = await redis.used_memory()
    more = await ingress.gateway.outstanding(sizes.more_events, conversations=conversations)
    return {
        "conversations": conversations,
        "first_mail_rate": round(conversations / filling, 1),
        "more_mail_rate": round(sizes.more_events / more, 1),
        "bytes_empty": empty,
        "bytes_full": full,
        "bytes_each": round((full - empty) / conversations, 1),
        "sweep_ms": await _sweeps(store, sizes.looks),
        **await _turns(client, store, min(sizes.looks, conversations)),
        "lost": await _lost(client, store),
    }


async def _sweeps(store: Store, times: int) -> dict[str, float]:
    """Time sweeps that find everybody on the way."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        swept = await Sweep(store, KEYS).run()
        took.append(time.perf_counter() - begun)
        if swept.woken:
            raise RuntimeError(f"woken for no reason: {len(swept.woken)}")
    return _spread(took)


async def _turns(client: Redis, store: Store, turns: int) -> dict[str, dict[str, float]]:
    """Time how a turn begins, and how it is settled, for some that wait."""
    running = engine(store, KEYS, lease=12, exchanges=20, kept=3600)
    begins, settles = [], []
    first: list[Any] = await client.zrange(KEYS.queue("turns").waking, 0, turns - 1)
    for name in first:
        asked = time.perf_counter()
        begun = await running.leases.begin(ConversationId(name.decode()), at_most=1)
        has = time.perf_counter()
        if begun is None:
            raise RuntimeError(f"nothing to begin in {name!r}")
        await running.endings.settle(begun)
        begins.append(has - asked)
        settles.append(time.perf_counter() - has)
    return {"begin_ms": _spread(begins), "settle_ms": _spread(settles)}


async def _lost(client: Redis, store: Store) -> dict[str, Any]:
    """Lose every wake, as a Redis restored from an old copy may; time what sweeps then take."""
    queue = KEYS.queue("turns")
    await client.delete(queue.wakes)
    waiting = await client.zcard(queue.waking)
    await asyncio.sleep(POPPED_WAKE_BEGINS_WITHIN + _MARGIN)
    took = []
    woken = 0
    while woken < waiting:
        begun = time.perf_counter()
        swept = await Sweep(store, KEYS).run()
        took.append(time.perf_counter() - begun)
        if not swept.lost:
            raise RuntimeError(f"{woken} of {waiting} woken")
        woken += len(swept.lost)
    return {"wakes": waiting, "sweeps": len(took), "seconds": round(sum(took), 3), **_spread(took)}


def _spread(seconds: list[float]) -> dict[str, float]:
    return {
        "p50": round(statistics.median(seconds) * 1000, 3),
        "max": round(max(seconds) * 1000, 3),
    }
