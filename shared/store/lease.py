"""The exclusive, expiring right to run one conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.model.ids import Fence
from shared.model.queue import queue_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.ids import ConversationId
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.line import Argument

TOGETHER: Final = "im.message.receive_v1"
"""The kind of event of which several may be answered together."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A held lease. `fence` grows with every one given out, so a stale holder is recognised."""

    conversation: ConversationId
    fence: Fence


@dataclass(frozen=True, slots=True)
class Begun:
    """A lease, the mail it was taken for, and which attempt at it this is (from 1)."""

    lease: Lease
    attempt: int
    entries: Sequence[bytes]


class Leases:
    """Who runs which conversation."""

    def __init__(self, store: Store, keys: Keys, *, seconds: float) -> None:
        """Lease for `seconds`."""
        self._store = store
        self._keys = keys
        self._milliseconds = int(seconds * 1000)

    async def begin(self, conversation: ConversationId, *, at_most: int) -> Begun | None:
        """Take the lease, or return None: it runs elsewhere, waits for a retry, or has no mail.

        Messages in a row come together, `at_most` so many; every other event comes by itself.

        Raises:
            StoreUnavailable: Redis did not confirm. If it did take the lease, that expires.
        """
        keys, queue = self._keys, self._keys.queue_of(conversation)
        begun = await self._store.run(
            "begin",
            [
                queue.waking,
                queue.running,
                queue.leases,
                queue.attempts,
                queue.taken,
                queue.stops,
                queue.told,
                keys.fence,
                keys.mailbox(conversation),
            ],
            [conversation, self._milliseconds, at_most, TOGETHER],
        )
        if begun is None:
            return None
        fence, attempt, entries = begun
        return Begun(Lease(conversation, Fence(fence)), attempt, entries)

    async def renew(self, leases: Sequence[Lease]) -> set[Fence]:
        """Push out the expiry of all of them in one step; return those that are lost.

        By their fences: of two leases of one conversation, one may be good.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        turns, events = self._keys.queue("turns"), self._keys.queue("events")
        arguments: list[Argument] = [self._milliseconds]
        for lease in leases:
            arguments += (queue_of(lease.conversation), lease.conversation, lease.fence)
        lost = await self._store.run(
            "renew", [turns.leases, turns.running, events.leases, events.running], arguments
        )
        return {Fence(int(fence)) for fence in lost}
