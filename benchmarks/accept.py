"""The accept path beside the official clients: how many events a second, and how soon each.

The ingress acks what it has stored. Of the official client two are measured: one that stores
nothing, and one that stores as is usually done, in Redis and Celery's queue. All three get the
same events from the same sender, in turns, on an emptied Redis; a client that is given nothing
costs nothing, so all run throughout.
"""

from __future__ import annotations

import statistics
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvloop

from benchmarks import server
from benchmarks.clients import OFFICIAL, OURS, QUEUED, connected
from benchmarks.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.gateway import Gateway
    from benchmarks.server import Server

ROUNDS: Final = 5
EVENTS: Final = {OURS: 30_000, OFFICIAL: 10_000, QUEUED: 2_000}
"""As many as each takes in some seconds."""

_ONE_AT_A_TIME: Final = 500
_BURST: Final = 1_000
_WARM_UP: Final = 1_000
_NOTHING: Final = "official client, stores nothing"
_CELERY: Final = "official client, SET NX and Celery"


@dataclass(frozen=True, slots=True)
class Runs:
    """What one client did in each round: events a second, and milliseconds."""

    rates: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)
    bursts: list[float] = field(default_factory=list)


def measure() -> list[Figure]:
    """Have all three take turns."""
    runs = uvloop.run(_rounds())
    ours, nothing, celery = runs[OURS], runs[OFFICIAL], runs[QUEUED]
    stored = Figure(
        name="events stored and acked, 1,000 outstanding",
        value=statistics.median(ours.rates),
        unit="1/s",
        raw=ours.rates,
        more_is_better=True,
        goal=30,
        goal_on_ratio=True,
        beside=_CELERY,
        baseline=statistics.median(celery.rates),
        baseline_raw=celery.rates,
    )
    return [
        stored,
        replace(
            stored,
            name="the same, beside a client that only acks",
            goal=4,
            beside=_NOTHING,
            baseline=statistics.median(nothing.rates),
            baseline_raw=nothing.rates,
        ),
        _soon("ack of one event at a time, p50", ours.medians, _NOTHING, nothing.medians, goal=1),
        _soon("last ack of a burst of 1,000", ours.bursts, _CELERY, celery.bursts, goal=15),
    ]


def _soon(
    name: str, ours: Sequence[float], beside: str, theirs: Sequence[float], *, goal: float
) -> Figure:
    return Figure(
        name=name,
        value=statistics.median(ours),
        unit="ms",
        raw=ours,
        goal=goal,
        goal_on_ratio=True,
        beside=beside,
        baseline=statistics.median(theirs),
        baseline_raw=theirs,
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
    await redis.empty()
    one_by_one = await gateway.one_at_a_time(_ONE_AT_A_TIME)
    runs.medians.append(round(statistics.median(one_by_one) * 1000, 3))
    await redis.empty()
    runs.bursts.append(round(await gateway.burst(_BURST) * 1000, 1))
