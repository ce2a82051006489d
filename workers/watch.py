"""Looking at Redis over a connection of our own: Celery's may be dead without anybody knowing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from shared.errors import StoreUnavailable

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from workers.health import Health

_EVERY: Final = 1.0
_KEPT: Final = 60.0


class Watch:
    """Keeps `Health` true, for ever."""

    def __init__(self, store: Store, keys: Keys, health: Health) -> None:
        self._store = store
        self._probe = keys.probe
        self._health = health

    async def run(self) -> None:
        while True:
            try:
                await self._store.put(self._probe, b"", seconds=_KEPT)
            except StoreUnavailable as error:
                self._health.look(away=str(error))
            else:
                self._health.look()
            await asyncio.sleep(_EVERY)
