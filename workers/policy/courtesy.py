"""Telling people something once, not every time they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shared.model.ids import ChatId, OpenId
    from shared.store.connection import Store
    from shared.store.keys import Keys

_ONCE_IN: Final = 3600 * 1000
"""In ms."""


class Courtesy:
    """Remembers for the fleet who was told what."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def is_due(self, what: str, whom: OpenId | ChatId, message: str) -> bool:
        """Whether somebody is to be told something in answer to a message: once an hour.

        It stays due for the same message, so that a turn that is tried again tells it too.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        return bool(
            await self._store.run("tell", [self._keys.told(what, whom)], [message, _ONCE_IN])
        )
