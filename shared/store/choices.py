"""Which model a chat has chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.ids import ChatId
    from shared.store.connection import Store
    from shared.store.keys import Keys

_SECONDS: Final = 90 * 24 * 3600.0


class Choices:
    """The choices of every chat. One is forgotten after 90 days."""

    def __init__(self, store: Store, keys: Keys, models: Sequence[str]) -> None:
        """`models` are those there are to choose from."""
        self.models = models
        self._store = store
        self._keys = keys

    async def of(self, chat: ChatId) -> str:
        """Return the model's name, empty if none was chosen.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        if len(self.models) == 1:
            return ""
        found = await self._store.read(self._keys.choice(chat))
        return "" if found is None else found.decode()

    async def choose(self, chat: ChatId, model: str) -> None:
        """Remember a choice.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        await self._store.put(self._keys.choice(chat), model.encode(), seconds=_SECONDS)
