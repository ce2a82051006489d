"""How long a conversation stands still whose worker was killed, or told to stop.

Two workers take turns in being the one that is struck while it holds turns; the other one's log
tells when it began them.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvloop
from kombu.transport.redis import Channel

from benchmarks import server
from benchmarks.asking import ask, moments, told, world
from benchmarks.figure import Figure
from benchmarks.worker import working

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.server import Server
    from benchmarks.worker import Worker

ROUNDS: Final = 4
TURNS: Final = 20
LONG: Final = "3000 10"
"""Five minutes of an answer: longer than any of this takes."""


def measure() -> list[Figure]:
    """Kill workers, and tell others to stop."""
    rescues, handovers = uvloop.run(_rounds())
    slowest = [round(max(one), 3) for one in rescues]
    every = [round(gap * 1000, 1) for one in handovers for gap in one]
    return [
        Figure(
            name="turn of a killed worker runs again, slowest",
            value=max(slowest),
            unit="s",
            raw=slowest,
            goal=15.0,
            beside="Celery on Redis: its visibility timeout",
            baseline=float(Channel.visibility_timeout),
        ),
        Figure(
            name="turn that was handed over runs again, p50",
            value=statistics.median(every),
            unit="ms",
            raw=every,
            goal=100.0,
        ),
        Figure(
            name="turn that was handed over runs again, slowest",
            value=max(every),
            unit="ms",
            raw=[round(max(one) * 1000, 1) for one in handovers],
        ),
    ]


async def _rounds() -> tuple[list[list[float]], list[list[float]]]:
    rescues, handovers = [], []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = await stack.enter_async_context(server.running(folder / "redis"))
        settings = await stack.enter_async_context(world(folder))
        for number in range(ROUNDS):
            rescues.append(await _struck(folder / f"killed-{number}", redis, settings, _kill))
            handovers.append(await _struck(folder / f"told-{number}", redis, settings, _tell))
    return rescues, handovers


async def _struck(
    folder: Path,
    redis: Server,
    settings: dict[str, str],
    strike: Callable[[Worker], Callable[[str], float]],
) -> list[float]:
    """Strike the one of two workers that has the turns; return how long each stood still."""
    environment = {"REDIS_URL": redis.url, "LARKSPUR_WORKER__GRACE": "0", **settings}
    await redis.empty()
    async with working(folder / "first", **environment) as first:
        chats = await ask(redis.url, TURNS, LONG)
        await told(first, "turn.begun", chats)
        async with working(folder / "second", **environment) as second:
            left_at = strike(first)
            begun = await told(second, "turn.begun", chats)
            second.kill()
        return [begun[chat] - left_at(chat) for chat in chats]


def _kill(worker: Worker) -> Callable[[str], float]:
    worker.kill()
    now = time.time()
    return lambda _: now


def _tell(worker: Worker) -> Callable[[str], float]:
    worker.terminate()
    return lambda chat: moments(worker, "turn.released")[chat]
