"""Finding the conversations that have mail and nobody on the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.model.ids import ConversationId
from shared.model.queue import QUEUES
from shared.store.wake import TEMPLATE

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys, QueueKeys

POPPED_WAKE_BEGINS_WITHIN: Final = 5.0
"""Seconds after which a wake that left the queue and began nothing counts as lost."""

_BATCH: Final = 100  # of each kind and queue, in one step


@dataclass(frozen=True, slots=True)
class Swept:
    """Whom a sweep woke: leases that expired, deferrals that ended, wakes that were lost."""

    rescued: list[ConversationId]
    due: list[ConversationId]
    lost: list[ConversationId]

    @property
    def woken(self) -> list[ConversationId]:
        return self.rescued + self.due + self.lost


class Sweep:
    """One round of it. Any number of workers may do this at once."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def run(self) -> Swept:
        """Wake whoever needs it; a wake that merely waits in the queue is left alone.

        Raises:
            StoreUnavailable: Redis did not confirm; the next sweep finds the same or more.
        """
        swept = Swept([], [], [])
        for name in QUEUES:
            await self._sweep(self._keys.queue(name), swept)
        return swept

    async def _sweep(self, queue: QueueKeys, swept: Swept) -> None:
        found = await self._store.run(
            "sweep",
            [
                queue.wakes,
                queue.waking,
                self._keys.woken,
                queue.running,
                queue.deferred,
                queue.leases,
            ],
            [int(POPPED_WAKE_BEGINS_WITHIN * 1000), _BATCH, TEMPLATE, queue.name],
        )
        for names, into in zip(found, (swept.rescued, swept.due, swept.lost), strict=True):
            into.extend(ConversationId(name.decode()) for name in names)
