"""How much waits, runs and is deferred: the numbers of the two queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.model.queue import QUEUES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared.model.queue import Queue
    from shared.store.connection import Store
    from shared.store.keys import Keys

_NUMBERS = 5  # of one queue


@dataclass(frozen=True, slots=True)
class Load:
    """The numbers of one queue.

    `depth` counts the wakes in Celery's queue, the others conversations: one that is `waiting`
    has its wake there, or a worker is just taking it. `oldest_age` is for how many seconds the one
    that has waited longest has, None if none does.
    """

    depth: int
    waiting: int
    oldest_age: float | None
    running: int
    deferred: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers of an app. `woken` counts the wakes ever pushed: 0 if there never was one."""

    queues: Mapping[Queue, Load]
    dead_letters: int
    woken: int


async def tally(store: Store, keys: Keys) -> Tally:
    """Count, as of one moment.

    Raises:
        StoreUnavailable: Redis did not answer.
    """
    places = []
    for name in QUEUES:
        queue = keys.queue(name)
        places += [queue.wakes, queue.waking, queue.running, queue.deferred]
    now, dead_letters, woken, *numbers = await store.run(
        "tally", [*places, keys.dead_letters, keys.woken], []
    )
    loads = (numbers[i : i + _NUMBERS] for i in range(0, len(numbers), _NUMBERS))
    queues = {name: _load(now, load) for name, load in zip(QUEUES, loads, strict=True)}
    return Tally(queues, dead_letters, woken)


def _load(now: int, numbers: Sequence[Any]) -> Load:
    depth, waiting, oldest, running, deferred = numbers
    age = max(0.0, (now - float(oldest)) / 1000) if oldest else None
    return Load(depth, waiting, age, running, deferred)
