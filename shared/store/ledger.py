"""The ledger: which message was sent under which idempotency key.

The platform sends nothing twice under one `uuid`, for an hour (facts 3). The ledger remembers for
as long as a message may come again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.errors import LeaseLost
from shared.model.ids import MessageId
from shared.store import dedup

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.lease import Lease

_SECONDS: Final = 2 * dedup.SECONDS


class Ledger:
    """What was sent."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def find(self, lease: Lease, key: str) -> MessageId | None:
        """Return what was sent under `key`, on behalf of a turn that is about to send it.

        Raises:
            LeaseLost: it is not this turn's to send.
            StoreUnavailable: Redis did not answer.
        """
        leases = self._keys.queue_of(lease.conversation).leases
        found = await self._store.run(
            "sent", [leases, self._keys.sent(key)], [lease.conversation, lease.fence]
        )
        if found is None:
            raise LeaseLost
        return MessageId(found.decode()) if found else None

    async def enter(self, key: str, message: MessageId) -> None:
        """Remember what was sent. Not fenced: it is true whoever says it.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        await self._store.put(self._keys.sent(key), message.encode(), seconds=_SECONDS)
