"""How much is measured: for the record, or only to see that it works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """`waves`: how often each place of a worker is taken by a turn that waits, `waits` seconds.

    A long answer has `chunks`, and lasts for `lasts` seconds.
    """

    workers: tuple[int, ...]
    turns: int
    rounds: int
    concurrency: int
    waves: int
    waits: float
    chunks: int
    lasts: float
    idle_seconds: float
    conversations: tuple[int, ...]
    more_events: int
    looks: int
    backlog: int
    per_conversation: int
    drainers: int
    apps: tuple[int, ...]
    events: int
    steady_seconds: float


FULL: Final = Sizes(
    workers=(1, 2, 4, 8),
    turns=3_000,
    rounds=3,
    concurrency=100,
    waves=4,
    waits=5,
    chunks=250,
    lasts=20,
    idle_seconds=10,
    conversations=(1_000, 10_000, 100_000),
    more_events=10_000,
    looks=300,
    backlog=100_000,
    per_conversation=5,
    drainers=2,
    apps=(1, 20),
    events=40_000,
    steady_seconds=20,
)
FAST: Final = Sizes(
    workers=(1, 2),
    turns=40,
    rounds=1,
    concurrency=10,
    waves=1,
    waits=1,
    chunks=5,
    lasts=1,
    idle_seconds=0.5,
    conversations=(50,),
    more_events=50,
    looks=5,
    backlog=50,
    per_conversation=5,
    drainers=1,
    apps=(1, 2),
    events=100,
    steady_seconds=1,
)
