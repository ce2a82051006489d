"""The Redis of a measurement: a Valkey as `larkspur up` runs it, emptied in between."""

from __future__ import annotations

import asyncio
import math
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from redis.asyncio import Redis

from cli.plan import SIMULATED_APP
from cli.ports import free_port
from cli.valkey import Valkey
from shared.model.ids import AppId, ConversationId
from shared.store.keys import Keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

_KEYS: Final = Keys(AppId(SIMULATED_APP["FEISHU_APP_ID"]))
_AT_ONCE: Final = 10_000
_LOOK_EVERY: Final = 0.1
_BUFFERS_LIVE: Final = 2.0


class Server:
    """What the driver asks of Redis, over a plain client."""

    def __init__(self, redis: Redis, port: int) -> None:
        self._redis = redis
        self.port = port

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    async def empty(self) -> None:
        """Forget everything, and wait until nothing is rewritten on the disk."""
        await self._redis.flushall()
        await self._settled()

    async def keep_dedup(self) -> None:
        """Forget everything but which events were accepted, as if all were answered long ago."""
        dedup = _KEYS.dedup.encode()
        await self._delete([key for key in await self._named("*") if not key.startswith(dedup)])
        await self._settled()

    async def stored(self) -> int:
        """Return how many events wait: in all mailboxes, and in the queue of the Celery client."""
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.llen("celery")
            for mailbox in await self._named(_KEYS.mailbox(ConversationId("*"))):
                pipeline.llen(mailbox)
            return sum(await pipeline.execute())

    async def used_memory(self) -> int:
        """Return the bytes in use, once they no longer shrink: buffers are let go of in time."""
        before, now = math.inf, await self._used_memory()
        while now < before:
            await asyncio.sleep(_BUFFERS_LIVE)
            before, now = now, await self._used_memory()
        return now

    async def _used_memory(self) -> int:
        return int((await self._redis.info("memory"))["used_memory"])

    async def _named(self, pattern: str) -> list[bytes]:
        return [key async for key in self._redis.scan_iter(pattern, count=_AT_ONCE)]

    async def _delete(self, keys: Sequence[bytes]) -> None:
        for first in range(0, len(keys), _AT_ONCE):
            await self._redis.delete(*keys[first : first + _AT_ONCE])

    async def _settled(self) -> None:
        while True:
            told = await self._redis.info("persistence")
            if not told["aof_rewrite_in_progress"]:
                return
            await asyncio.sleep(_LOOK_EVERY)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Server]:
    """Run one whose data is in `folder`, until the end of the block."""
    valkey = Valkey(folder, port=free_port())
    await asyncio.to_thread(valkey.start)
    try:
        async with Redis(port=valkey.port) as redis:
            yield Server(redis, valkey.port)
    finally:
        await asyncio.to_thread(valkey.stop)
