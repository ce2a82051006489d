"""Waiting for Redis, as a process does that is no use without it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import StoreUnavailable
from shared.store import connection as redis
from shared.store.format import require_format

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from shared.store.connection import Store
    from shared.store.keys import Keys

_STORE_TIMEOUT: Final = 5.0
_LOOK_EVERY: Final = 1.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


async def reached(stack: AsyncExitStack, url: str, keys: Keys) -> Store:
    """Wait for Redis, and ask what it is; `stack` closes it.

    Raises:
        ConfigurationError: it is one that will never do.
    """
    store = await stack.enter_async_context(redis.connected(url, timeout=_STORE_TIMEOUT))
    told = False
    while True:
        try:
            await store.require_supported()
            await require_format(store, keys)
        except StoreUnavailable as error:
            if not told:
                log.warning("redis.away", reason=str(error))
            told = True
        else:
            return store
        await asyncio.sleep(_LOOK_EVERY)
