"""What processes and Redis spend: CPU, commands, and memory."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from benchmarks.process import cpu_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redis.asyncio import Redis


@dataclass(frozen=True, slots=True)
class Spent:
    """Until a moment: seconds, seconds of CPU of some processes and of Redis, its commands."""

    seconds: float
    cpu: float
    redis_cpu: float
    commands: int

    def __sub__(self, before: Self) -> Spent:
        return Spent(
            self.seconds - before.seconds,
            self.cpu - before.cpu,
            self.redis_cpu - before.redis_cpu,
            self.commands - before.commands,
        )


async def spent(redis: Redis, pids: Iterable[int]) -> Spent:
    """Read what was spent until now."""
    told = await redis.info()
    return Spent(
        time.perf_counter(),
        sum(map(cpu_of, pids)),
        told["used_cpu_sys"] + told["used_cpu_user"],
        told["total_commands_processed"],
    )
