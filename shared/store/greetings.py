"""Who has been greeted, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.model.ids import MessageId
    from shared.store.connection import Store
    from shared.store.keys import Keys


class Greetings:
    """The users whom the bot has greeted."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def greeted(self, user: str) -> bool:
        """Return whether a user was greeted, ever.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        return await self._store.read(self._keys.greeted(user)) is not None

    async def note(self, user: str, message: MessageId) -> None:
        """Remember that a user was greeted by a message.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        await self._store.put(self._keys.greeted(user), message.encode(), seconds=None)
