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
import uuid
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvloop
from redis.asyncio import Redis

from benchmarks import server
from benchmarks.figure import Figure
from benchmarks.worker import working
from cli.plan import SIMULATED_APP
from shared.model.event import Event
from shared.model.ids import AppId, ConversationId, EventId
from shared.model.mail import Incoming
from shared.store.connection import connected
from shared.store.keys import Keys
from shared.store.mailbox import Mailboxes, prepared

if TYPE_CHECKING:
    from benchmarks.worker import Worker

TURNS: Final = 3_000
ROUNDS: Final = 5
_BATCH: Final = 250
_PATIENCE: Final = 120.0
_LOOK_EVERY: Final = 0.02
_KEYS: Final = Keys(AppId(SIMULATED_APP["FEISHU_APP_ID"]))
_UNHANDLED: Final = "benchmark.turn_v1"


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
    await _accept(url)
    begun = time.perf_counter()
    for worker in workers:
        worker.thaw()
    async with asyncio.timeout(_PATIENCE):
        while await _unsettled(client):  # noqa: ASYNC110 - another process settles
            await asyncio.sleep(_LOOK_EVERY)
    return round(TURNS / (time.perf_counter() - begun), 1)


async def _accept(url: str) -> None:
    """Accept an event in each of so many conversations, as the ingress does."""
    run = uuid.uuid4().hex
    async with connected(url, timeout=5.0) as store:
        mailboxes = Mailboxes(store.line(), _KEYS)
        for first in range(0, TURNS, _BATCH):
            batch = [_incoming(f"{run}{number}") for number in range(first, first + _BATCH)]
            await mailboxes.send([prepared(incoming) for incoming in batch])
            await mailboxes.verdicts()


def _incoming(name: str) -> Incoming:
    event = Event(_UNHANDLED, EventId(f"e_{name}"), None, ConversationId(f"oc_{name}"))
    return Incoming(event, "trace", time.time(), b"{}")


async def _unsettled(client: Redis) -> int:
    queue = _KEYS.queue("turns")
    return sum([await client.zcard(key) for key in (queue.waking, queue.running)])
