"""Knowing how much waits, for the whole fleet: every ingress tells the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from shared.errors import StoreUnavailable
from shared.store.tally import tally

if TYPE_CHECKING:
    from ingress.metrics import Metrics
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.tally import Load

_EVERY: Final = 2.0
_UNKNOWN: Final = float("nan")


class QueueWatch:
    """Keeps the numbers of the queues true, for ever; while Redis is away they are none."""

    def __init__(self, store: Store, keys: Keys, metrics: Metrics) -> None:
        self._store = store
        self._keys = keys
        self._metrics = metrics

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(_EVERY)

    async def look(self) -> None:
        """Count once."""
        try:
            counted = await tally(self._store, self._keys)
        except StoreUnavailable:  # of which the watch of Redis tells
            self._forget()
            return
        for name, load in counted.queues.items():
            self._tell(name, load)
        self._metrics.dead_letters.set(counted.dead_letters)

    def _tell(self, name: str, load: Load) -> None:
        metrics = self._metrics
        metrics.depth.labels(name).set(load.depth)
        metrics.oldest_age.labels(name).set(load.oldest_age or 0.0)
        metrics.conversations.labels(name, "waiting").set(load.waiting)
        metrics.conversations.labels(name, "running").set(load.running)
        metrics.conversations.labels(name, "deferred").set(load.deferred)

    def _forget(self) -> None:
        """Old numbers would have a fleet scaled by what is no longer so."""
        metrics = self._metrics
        for labelled in (metrics.depth, metrics.oldest_age, metrics.conversations):
            labelled.clear()
        metrics.dead_letters.set(_UNKNOWN)
