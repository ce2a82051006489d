"""The door to Redis: one connection pool, the scripts, and Redis's faults as ours."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff

from shared.errors import ConfigurationError, StoreUnavailable
from shared.store.line import FAULTS, Line
from shared.store.scripts import SOURCES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

_CONNECT_TIMEOUT = 3.0
_HEALTH_CHECK = 5.0  # finds a half-open connection before a command hangs on it
_POOL = 64  # redis-py's own default of 100 raises when it is spent; this one waits

Argument = str | bytes | int


class Store:
    """One Redis, and the scripts that run in it."""

    def __init__(self, redis: Redis, *, timeout: float = 5.0) -> None:
        """`timeout` bounds every call, in seconds, retries included."""
        self._redis = redis
        self._timeout = timeout
        self._scripts = {name: redis.register_script(text) for name, text in SOURCES.items()}

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

    async def push(self, queue: str, values: Sequence[bytes]) -> None:
        """Put values on the left of a list.

        Raises:
            StoreUnavailable: as `run`.
        """
        async with self._bounded():
            await self._redis.lpush(queue, *values)

    async def read_list(self, key: str, *, last: int) -> list[bytes]:
        """Return the last entries of a list, oldest first.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        async with self._bounded():
            entries = await self._redis.lrange(key, -last, -1)
        return cast("list[bytes]", entries)

    async def ping(self) -> None:
        """Ask Redis whether it is there.

        Raises:
            StoreUnavailable: it is not.
        """
        async with self._bounded():
            await self._redis.ping()

    async def touch(self, key: str, *, seconds: float) -> None:
        """Write a key that expires: a full server or a replica answers a ping, but not this.

        Raises:
            StoreUnavailable: Redis takes no writes.
        """
        async with self._bounded():
            await self._redis.set(key, b"", px=int(seconds * 1000))

    async def describe(self) -> str:
        """Return which server this is, and whether what it is told would survive it.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        async with self._bounded():
            told = await self._redis.info()
        name, version = "Redis", told.get("redis_version", "?")
        if told.get("server_name") == "valkey":
            name, version = "Valkey", told.get("valkey_version", "?")
        kept = "on" if told.get("aof_enabled") else "OFF: acked events are lost if it dies"
        policy = told.get("maxmemory_policy", "?")
        worry = "" if policy == "noeviction" else " : IT MAY FORGET EVENTS"
        return f"{name} {version}, appendonly {kept}, maxmemory-policy {policy}{worry}"

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """Bound a call, and turn Redis's faults into ours: nothing inside sees the library's."""
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except FAULTS as error:
            raise StoreUnavailable(str(error) or type(error).__name__) from error


@asynccontextmanager
async def connected(url: str, *, timeout: float) -> AsyncIterator[Store]:
    """Open a pool that is closed at the end; no connection is made before the first command.

    `timeout` bounds one command, in seconds. It is ours and not redis-py's, which bounds a send by
    `asyncio.wait_for`: on Python 3.11 that may swallow a cancellation, and then a turn outlives
    its lease and a worker its end.

    Raises:
        ConfigurationError: the URL is none that Redis knows.
    """
    try:
        pool: BlockingConnectionPool = BlockingConnectionPool.from_url(
            url,
            max_connections=_POOL,
            timeout=timeout,
            socket_timeout=None,
            socket_connect_timeout=min(timeout, _CONNECT_TIMEOUT),
            socket_keepalive=True,
            health_check_interval=_HEALTH_CHECK,
            client_name="larkspur",
            driver_info=None,  # looking itself up would read the disk at every connection
            retry=Retry(ExponentialWithJitterBackoff(cap=0.5, base=0.05), 2),
            retry_on_error=[RuntimeError],  # uvloop's word for a connection that was reset
        )
    except ValueError as error:
        raise ConfigurationError(f"REDIS_URL: {error}") from error
    async with Redis.from_pool(pool) as redis:
        yield Store(redis, timeout=timeout)
