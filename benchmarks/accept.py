"""The accept path beside the official clients: how many events a second, and how soon each.

The ingress acks what it has stored. Of the official client two are measured: one that stores
nothing, and one that stores as is usually done, in Redis and Celery's queue. All three get the
same events from the same sender, in turns; Redis is emptied before a
rate is measured, and holds its events when latency and burst are. A client that is given nothing
costs nothing, so all run throughout.
"""

from __future__ import annotations

import statistics
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvloop

from benchmarks import server
from benchmarks.clients import OFFICIAL, OURS, QUEUED, connected
from benchmarks.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.gateway import Gateway
    from benchmarks.server import Server

NOTHING: Final = "official client that stores nothing"
CELERY: Final = "official client with SET NX and Celery"
STORED: Final = "events stored and acked, 1,000 outstanding"
ONE: Final = "ack of one event at a time, p50"
BURST: Final = "last ack of a burst of 1,000"
GOALS: Final = {
    (STORED, CELERY): 30.0,
    (STORED, NOTHING): 4.0,
    (ONE, NOTHING): 1.0,
    (BURST, CELERY): 15.0,
}
"""How many times better than which baseline; what is not named is for information."""

ROUNDS: Final = 11
"""Many and short ones: what else the machine does comes and goes within seconds."""

EVENTS: Final = {OURS: 15_000, OFFICIAL: 5_000, QUEUED: 1_500}

_ONE_AT_A_TIME: Final = 300
_BURST: Final = 1_000
_WARM_UP: Final = 1_000


@dataclass(frozen=True, slots=True)
class Runs:
    """What one client did in each round: events a second, and milliseconds."""

    rates: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)
    bursts: list[float] = field(default_factory=list)


def measure() -> list[Figure]:
    """Have all three take turns."""
    runs = uvloop.run(_rounds())
    baselines = {CELERY: runs[QUEUED], NOTHING: runs[OFFICIAL]}
    return [
        figure
        for beside, theirs in baselines.items()
        for figure in _beside(beside, runs[OURS], theirs)
    ]


def _beside(beside: str, ours: Runs, theirs: Runs) -> Iterator[Figure]:
    for name, unit, our, their in (
        (STORED, "1/s", ours.rates, theirs.rates),
        (ONE, "ms", ours.medians, theirs.medians),
        (BURST, "ms", ours.bursts, theirs.bursts),
    ):
        yield Figure(
            name=name,
            value=statistics.median(our),
            unit=unit,
            raw=our,
            more_is_better=name == STORED,
            goal=GOALS.get((name, beside)),
            goal_on_ratio=True,
            beside=beside,
            baseline=statistics.median(their),
            baseline_raw=their,
        )


async def _rounds() -> dict[str, Runs]:
    runs = {module: Runs() for module in EVENTS}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = await stack.enter_async_context(server.running(folder / "redis"))
        clients = {
            module: await stack.enter_async_context(
                connected(module, folder / module, redis_url=redis.url)
            )
            for module in EVENTS
        }
        for client in clients.values():
            await client.gateway.outstanding(_WARM_UP)
        for _ in range(ROUNDS):
            for module, client in clients.items():
                await _round(module, client.gateway, redis, runs[module])
    return runs


async def _round(module: str, gateway: Gateway, redis: Server, runs: Runs) -> None:
    events = EVENTS[module]
    await redis.empty()
    seconds = await gateway.outstanding(events)
    stored = await redis.stored()
    if stored != (0 if module == OFFICIAL else events):
        raise RuntimeError(f"{module} acked {events} events, and {stored} are in Redis")
    runs.rates.append(round(events / seconds, 1))
    one_by_one = await gateway.one_at_a_time(_ONE_AT_A_TIME)
    runs.medians.append(round(statistics.median(one_by_one) * 1000, 3))
    runs.bursts.append(round(await gateway.burst(_BURST) * 1000, 1))
