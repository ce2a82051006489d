"""What processes and Redis spend: CPU, commands, and memory."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redis.asyncio import Redis

_TICKS: Final = os.sysconf("SC_CLK_TCK")


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


def cpu_of(pid: int) -> float:
    """Return the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
