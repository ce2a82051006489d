"""Knowing how Redis is when no events tell."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import StoreUnavailable
from shared.store.format import require_format

if TYPE_CHECKING:
    from ingress.health import Health
    from shared.store.connection import Store
    from shared.store.keys import Keys

_EVERY: Final = 1.0
_KEPT: Final = 60.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class StoreWatch:
    """Writes to Redis once a second; `reached` is set the first time it takes it, and will do."""

    def __init__(self, store: Store, keys: Keys, health: Health) -> None:
        self._store = store
        self._keys = keys
        self._redis = health.side("redis")
        self._was_away: bool | None = None
        self.reached = asyncio.Event()

    async def run(self) -> None:
        """Keep `Health` true, and say so in the log when Redis comes or goes.

        Raises:
            ConfigurationError: this Redis will never do.
        """
        while True:
            try:
                if not self.reached.is_set():
                    await self._store.require_supported()
                    await require_format(self._store, self._keys)
                # A full server or a replica answers a ping, but takes no write.
                await self._store.put(self._keys.probe, b"", seconds=_KEPT)
            except StoreUnavailable as error:
                self._redis.down(str(error))
            else:
                self._redis.up()
                self.reached.set()
            self._tell()
            await asyncio.sleep(_EVERY)

    def _tell(self) -> None:
        away = not self._redis.ready
        if away == self._was_away:
            return
        self._was_away = away
        if away:
            log.warning("redis.away", reason=self._redis.reason)
        else:
            log.info("redis.reached")
