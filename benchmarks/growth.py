"""What stays the same as things grow: the rate, the memory of the ingress, the cost of an event.

One Redis is emptied for every run. Another one is kept, and remembers a million events; its
mailboxes and wakes are deleted in between, as if workers had answered everything.
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
from benchmarks.clients import OURS, connected
from benchmarks.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.clients import Client
    from benchmarks.server import Server

ROUNDS: Final = 11
EVENTS: Final = 15_000
"""Of one run for a rate: many and short ones, as in `accept`."""

RESIDENT: Final = "ingress resident memory after 1,000,000 events"
REMEMBERED: Final = "1,000,000 events in the dedup"
RATE: Final = "events stored and acked, "
CONVERSATIONS: Final = {
    "1 conversation": 1,
    "1,000 conversations": 1_000,
    "100,000 conversations": 100_000,
}
MILLION: Final = 1_000_000
CHUNK: Final = 100_000
_WARM_UP: Final = 1_000
_USUAL: Final = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """An ingress and its Redis."""

    client: Client
    redis: Server

    async def rate(self, conversations: int = _USUAL) -> float:
        """Return events a second."""
        seconds = await self.client.gateway.outstanding(EVENTS, conversations=conversations)
        return round(EVENTS / seconds, 1)


@dataclass(slots=True)
class Growth:
    """What was measured; bytes of Redis, MB of the ingress, events a second."""

    rates: dict[str, list[float]] = field(default_factory=dict)
    resident: list[float] = field(default_factory=list)
    bytes_empty: int = 0
    bytes_full: int = 0


def measure() -> list[Figure]:
    """Grow one thing after the other."""
    growth = uvloop.run(_growth())
    each = (growth.bytes_full - growth.bytes_empty) / MILLION
    print(
        f"dedup of {MILLION:,} events: {growth.bytes_full:,} bytes with it alone"
        f" - {growth.bytes_empty:,} in an empty server, / {MILLION:,} = {each:.1f} bytes an event"
    )
    return [
        *_rates(growth.rates),
        Figure(
            name=f"Redis memory per remembered event, of {MILLION:,}",
            value=round(each, 1),
            unit="bytes",
            raw=[growth.bytes_empty, growth.bytes_full],
            goal=64,
        ),
        Figure(
            name=RESIDENT,
            value=growth.resident[-1],
            unit="MB",
            raw=growth.resident,
            goal=100,
        ),
        Figure(
            name=f"the same, over what it was after {CHUNK:,}",
            value=round(growth.resident[-1] / growth.resident[1], 3),
            unit="x",
            raw=growth.resident,
            goal=1.05,
        ),
    ]


def _rates(rates: Mapping[str, list[float]]) -> list[Figure]:
    figures = [
        Figure(
            name=RATE + where,
            value=statistics.median(found),
            unit="1/s",
            raw=found,
            more_is_better=True,
        )
        for where, found in rates.items()
    ]
    medians = [figure.value for figure in figures]
    slowest = Figure(
        name="slowest of these over the fastest",
        value=round(min(medians) / max(medians), 3),
        unit="x",
        raw=medians,
        more_is_better=True,
        goal=0.85,
    )
    return [*figures, slowest]


async def _growth() -> Growth:
    growth = Growth()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kept = await _place(stack, folder / "kept")
        await _fill(kept, growth)
        emptied = await _place(stack, folder / "emptied")
        for _ in range(ROUNDS):
            await _round(emptied, kept, growth.rates)
    return growth


async def _place(stack: AsyncExitStack, folder: Path) -> Place:
    redis = await stack.enter_async_context(server.running(folder))
    client = await stack.enter_async_context(connected(OURS, folder / OURS, redis_url=redis.url))
    await client.gateway.outstanding(_WARM_UP)
    await redis.empty()
    return Place(client, redis)


async def _fill(place: Place, growth: Growth) -> None:
    """Have a million events remembered, and nothing else."""
    growth.bytes_empty = await place.redis.used_memory()
    growth.resident.append(round(place.client.resident(), 1))
    for _ in range(0, MILLION, CHUNK):
        await place.client.gateway.outstanding(CHUNK)
        growth.resident.append(round(place.client.resident(), 1))
        await place.redis.keep_dedup()
    growth.bytes_full = await place.redis.used_memory()


async def _round(emptied: Place, kept: Place, rates: dict[str, list[float]]) -> None:
    """Measure every rate once, so that whatever else the machine does hits them alike."""
    for where, conversations in CONVERSATIONS.items():
        await emptied.redis.empty()
        rates.setdefault(where, []).append(await emptied.rate(conversations))
    await kept.redis.keep_dedup()
    rates.setdefault(REMEMBERED, []).append(await kept.rate())
