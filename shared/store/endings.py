"""The ends a turn can have. Each goes by the lease's fence: it takes effect whole, or is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.errors import LeaseLost
from shared.store import dead_letters
from shared.store.wake import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.ids import ConversationId, HistoryId, LetterId
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.lease import Begun, Lease


class Endings:
    """What is written when a turn ends."""

    def __init__(self, store: Store, keys: Keys, *, exchanges: int, kept: float) -> None:
        """Keep the last `exchanges` of a history, for `kept` seconds."""
        self._store = store
        self._keys = keys
        self._exchanges = exchanges
        self._kept = int(kept)

    async def settle(
        self,
        begun: Begun,
        *,
        done: int | None = None,
        exchanges: Sequence[bytes] = (),
        history: HistoryId | None = None,
        afresh: bool = False,
        dead: str = "",
    ) -> None:
        """End the turn: its mail is done with, the history grows by `exchanges`.

        That is the conversation's own history unless another one is named; if it begins `afresh`,
        what was there before is forgotten.

        Only the first `done` entries are done with, if that is given; the rest comes again at
        once. With a reason in `dead` they become a dead letter.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        lease = begun.lease
        letter = dead_letters.written(begun, dead) if dead else dead_letters.NONE
        settled = await self._store.run(
            "settle",
            self._touched(lease, history or lease.conversation, letter.id),
            [
                lease.conversation,
                lease.fence,
                TEMPLATE,
                self._keys.queue_of(lease.conversation).name,
                len(begun.entries) if done is None else done,
                len(exchanges),
                self._exchanges,
                self._kept,
                letter.id,
                letter.head,
                int(afresh),
                *exchanges,
            ],
        )
        if not settled:
            raise LeaseLost

    async def defer(self, lease: Lease, seconds: float, *, tried: bool = True) -> None:
        """End the turn: the same mail comes again after `seconds`.

        As another attempt, or, if nothing was tried, as the same one.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        queue = self._keys.queue_of(lease.conversation)
        deferred = await self._store.run(
            "defer",
            [queue.leases, queue.running, queue.deferred, queue.attempts],
            [lease.conversation, lease.fence, int(seconds * 1000), int(tried)],
        )
        if not deferred:
            raise LeaseLost

    async def release(self, lease: Lease) -> None:
        """Give the lease back: another worker goes on at once, in the same attempt.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        queue = self._keys.queue_of(lease.conversation)
        released = await self._store.run(
            "release",
            [
                queue.leases,
                queue.running,
                queue.attempts,
                queue.wakes,
                queue.waking,
                self._keys.woken,
            ],
            [lease.conversation, lease.fence, TEMPLATE, queue.name],
        )
        if not released:
            raise LeaseLost

    def _touched(
        self, lease: Lease, history: HistoryId | ConversationId, letter: LetterId
    ) -> list[str]:
        """Return the keys that `settle.lua` reads and writes, in its order."""
        keys, queue = self._keys, self._keys.queue_of(lease.conversation)
        return [
            queue.leases,
            queue.running,
            queue.attempts,
            queue.taken,
            queue.stops,
            queue.answering,
            queue.wakes,
            queue.waking,
            keys.woken,
            keys.mailbox(lease.conversation),
            keys.history(history),
            keys.dead_letters,
            keys.dead_letter(letter),
            keys.drafts,
        ]
