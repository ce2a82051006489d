"""What a model is shown of the past. It grows only in `settle`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.model.ids import ConversationId, HistoryId
    from shared.store.connection import Store
    from shared.store.keys import Keys


class History:
    """The exchanges of all who share a past, as the responder wrote them."""

    def __init__(self, store: Store, keys: Keys, *, exchanges: int) -> None:
        self._store = store
        self._keys = keys
        self._exchanges = exchanges

    async def read(self, of: HistoryId | ConversationId) -> list[bytes]:
        """Return the last exchanges, oldest first.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        return await self._store.read_list(self._keys.history(of), -self._exchanges, -1)
