"""How many calls of the Open API an app has made in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys

_KEPT: Final = 62 * 24 * 3600
"""Seconds: until the month is over wherever it is counted, and for a look back."""


class CallsByMonth:
    """A `Months` in Redis."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def add(self, month: str, calls: int) -> int:
        total: int = await self._store.run("spend", [self._keys.calls(month)], [calls, _KEPT])
        return total
