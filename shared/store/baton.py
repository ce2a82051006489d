"""The baton: of all beats of an app, the one that has it beats."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys


class Baton:
    """One beat's part in passing it on. It expires, so that a dead holder's is free again."""

    def __init__(self, store: Store, keys: Keys, *, seconds: float) -> None:
        """It must be taken again within `seconds`."""
        self._store = store
        self._keys = [keys.beat]
        self._holder = secrets.token_hex(8)
        self._milliseconds = int(seconds * 1000)

    async def take(self) -> tuple[bool, bool]:
        """Take it, or keep it; return whether this beat has it now, and whether that is new.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        taken = await self._store.run("take_baton", self._keys, [self._holder, self._milliseconds])
        return taken > 0, taken > 1

    async def drop(self) -> None:
        """Let another beat have it at once.

        Raises:
            StoreUnavailable: Redis did not confirm; it expires.
        """
        await self._store.run("drop_baton", self._keys, [self._holder])
