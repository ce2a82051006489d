"""The exclusive, expiring right to run one conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.errors import LeaseLost
from shared.model.ids import Fence
from shared.store.wake import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.ids import ConversationId
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.line import Argument


@dataclass(frozen=True, slots=True)
class Lease:
    """A held lease. `fence` grows with every one given out, so a stale holder is recognised."""

    conversation: ConversationId
    fence: Fence


@dataclass(frozen=True, slots=True)
class Begun:
    """A lease, the mail at the head of the mailbox, and which attempt at it this is (from 1)."""

    lease: Lease
    attempt: int
    entry: bytes


class Leases:
    """Who runs which conversation. Every way to end a turn goes by the lease's fence."""

    def __init__(
        self, store: Store, keys: Keys, *, seconds: float, exchanges: int, kept: float
    ) -> None:
        """Lease for `seconds`; keep the last `exchanges` of a history, for `kept` seconds."""
        self._store = store
        self._keys = keys
        self._milliseconds = int(seconds * 1000)
        self._exchanges = exchanges
        self._kept = int(kept)

    async def begin(self, conversation: ConversationId) -> Begun | None:
        """Take the lease, or return None: it runs elsewhere, waits for a retry, or has no mail.

        Raises:
            StoreUnavailable: Redis did not confirm. If it did take the lease, that expires.
        """
        keys = self._keys
        begun = await self._store.run(
            "begin",
            [
                keys.mailbox(conversation),
                keys.waking,
                keys.running,
                keys.leases,
                keys.attempts,
                keys.fence,
            ],
            [conversation, self._milliseconds],
        )
        if begun is None:
            return None
        fence, attempt, entry = begun
        return Begun(Lease(conversation, Fence(fence)), attempt, entry)

    async def renew(self, leases: Sequence[Lease]) -> set[ConversationId]:
        """Push out the expiry of all of them in one step; return those that are lost.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        arguments: list[Argument] = [self._milliseconds]
        for lease in leases:
            arguments += (lease.conversation, lease.fence)
        lost = await self._store.run("renew", [self._keys.running, self._keys.leases], arguments)
        names = {name.decode() for name in lost}
        return {lease.conversation for lease in leases if lease.conversation in names}

    async def settle(self, lease: Lease, *, exchange: bytes = b"", dead: bytes = b"") -> None:
        """End the turn: its mail is done with, the history grows by `exchange`.

        `dead` is kept as a dead letter.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        keys, conversation = self._keys, lease.conversation
        settled = await self._store.run(
            "settle",
            [
                keys.turns,
                keys.waking,
                keys.woken,
                keys.running,
                keys.leases,
                keys.attempts,
                keys.mailbox(conversation),
                keys.history(conversation),
                keys.dead_letters,
            ],
            [
                conversation,
                lease.fence,
                TEMPLATE,
                exchange,
                self._exchanges,
                self._kept,
                dead,
            ],
        )
        if not settled:
            raise LeaseLost

    async def defer(self, lease: Lease, seconds: float) -> None:
        """End the turn: the same mail comes again after `seconds`, counted as another attempt.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        deferred = await self._store.run(
            "defer",
            [self._keys.running, self._keys.leases, self._keys.deferred],
            [lease.conversation, lease.fence, int(seconds * 1000)],
        )
        if not deferred:
            raise LeaseLost

    async def release(self, lease: Lease) -> None:
        """Give the lease back unused: another worker begins at once, as the same attempt.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        keys = self._keys
        released = await self._store.run(
            "release",
            [keys.turns, keys.waking, keys.woken, keys.running, keys.leases, keys.attempts],
            [lease.conversation, lease.fence, TEMPLATE],
        )
        if not released:
            raise LeaseLost
