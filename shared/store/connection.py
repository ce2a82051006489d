"""The door to Redis: one connection pool, the scripts, and Redis's faults as ours."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from redis.asyncio import Redis

from shared.errors import ConfigurationError, StoreUnavailable
from shared.store import pool, redis_url, server
from shared.store.faults import FAULTS, refusal, unavailable
from shared.store.line import Line
from shared.store.scripts import SOURCES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from shared.store.line import Argument


class Store:
    """One Redis, and the scripts that run in it."""

    def __init__(
        self, redis: Redis, *, timeout: float = 5.0, scripts: Mapping[str, str] = SOURCES
    ) -> None:
        """`timeout` bounds every call, in seconds, retries included."""
        self._redis = redis
        self._timeout = timeout
        self._scripts = {name: redis.register_script(text) for name, text in scripts.items()}

    async def run(self, script: str, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Run `<script>.lua`; it takes effect as a whole or not at all.

        Raises:
            StoreUnavailable: Redis did not confirm. It may still have run, so scripts are
                written to bear being run twice.
        """
        async with self._bounded():
            return await self._scripts[script](keys=keys, args=arguments)

    def line(self) -> Line:
        """Return a line of one's own."""
        return Line(self._redis.connection_pool, self._scripts)

    async def read_list(self, key: str, first: int, last: int) -> list[bytes]:
        """Return some entries of a list; -1 is the last one.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        async with self._bounded():
            entries = await self._redis.lrange(key, first, last)
        return cast("list[bytes]", entries)

    async def read_field(self, key: str, field: str) -> bytes | None:
        """Return a field of a hash, or None.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        async with self._bounded():
            value = await self._redis.hget(key, field)
        return cast("bytes | None", value)

    async def read_hash(self, key: str) -> dict[bytes, bytes]:
        """Return the fields of a hash, none if there is no such key.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        async with self._bounded():
            fields = await self._redis.hgetall(key)
        return cast("dict[bytes, bytes]", fields)

    async def read(self, key: str) -> bytes | None:
        """Return what a key holds, or None.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        async with self._bounded():
            value = await self._redis.get(key)
        return cast("bytes | None", value)

    async def put(self, key: str, value: bytes, *, seconds: float | None) -> None:
        """Write a key that expires, or with None does not.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        async with self._bounded():
            await self._redis.set(key, value, px=None if seconds is None else int(seconds * 1000))

    async def ping(self) -> None:
        """Ask Redis whether it is there.

        Raises:
            StoreUnavailable: it is not.
        """
        async with self._bounded():
            await self._redis.ping()

    async def require_supported(self) -> None:
        """Ask Redis what it is; once is enough.

        Raises:
            ConfigurationError: this Redis will never do, or never let us in.
            StoreUnavailable: it did not answer, or is a replica now.
        """
        try:
            server.require_supported(await self._told())
        except StoreUnavailable as error:
            if reason := refusal(error):
                raise ConfigurationError(f"REDIS_URL: {reason}") from error
            raise

    async def describe(self) -> str:
        """Return which server this is, and whether what it is told would survive it.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        return server.describe(await self._told())

    async def _told(self) -> dict[str, Any]:
        async with self._bounded():
            return await self._redis.info()

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """Bound a call, and turn Redis's faults into ours: nothing inside sees the library's."""
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except FAULTS as error:
            raise unavailable(error, self._redis.connection_pool) from error


@asynccontextmanager
async def connected(url: str, *, timeout: float) -> AsyncIterator[Store]:
    """Open what `url` (REDIS_URL) names; no connection is made before the first command.

    `timeout` bounds one command, in seconds.

    Raises:
        ConfigurationError: the URL is none that is supported.
    """
    connections = pool.opened(redis_url.read(url), timeout=timeout)
    async with Redis.from_pool(connections) as redis:
        yield Store(redis, timeout=timeout)
