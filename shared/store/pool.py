"""The connections to Redis: so many at most, and none to a server that is the master no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from redis.asyncio import BlockingConnectionPool, Connection, SSLConnection
from redis.asyncio.connection import UnixDomainSocketConnection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff

from shared.store.address import Server, Socket, Watched
from shared.store.master import Master

if TYPE_CHECKING:
    from redis.asyncio.connection import AbstractConnection

    from shared.store.address import Address

_CONNECT_TIMEOUT: Final = 3.0
_HEALTH_CHECK: Final = 5.0  # finds a half-open connection before a command hangs on it
_SIZE: Final = 64  # redis-py's own default of 100 raises when it is spent; this one waits


class Pool(BlockingConnectionPool):
    """Waits for a free connection when all are in use."""

    def doubt(self) -> None:
        """Have every connection made anew before its next use: the master may be elsewhere.

        They are only marked here. To close one that another task is just taking, as redis-py's
        `disconnect` does, would leave that task with half a connection.
        """
        for connection in (*self._available_connections, *self._in_use_connections):
            connection.mark_for_reconnect()

    async def ensure_connection(self, connection: AbstractConnection) -> None:
        if connection.should_reconnect():
            await connection.disconnect(nowait=True)
        await super().ensure_connection(connection)


class MasterConnection(Connection):
    """Goes wherever the Sentinels say that the master is, and asks them whenever it connects.

    redis-py's own reconnects to where it was, if the connection breaks within a command.
    """

    def __init__(self, *, master: Master, **options: Any) -> None:
        super().__init__(**options)
        self._master = master

    def should_reconnect(self) -> bool:
        """Also when another connection has found the master elsewhere since."""
        return super().should_reconnect() or self._master.place != (self.host, self.port)

    async def _connect(self) -> None:
        self.host, self.port = await self._master.find()
        await super()._connect()


def opened(address: Address, *, timeout: float) -> Pool:
    """Return a pool that makes its first connection when it is asked for one.

    `timeout` bounds one command, in seconds. It is ours and not redis-py's, which bounds a send by
    `asyncio.wait_for`: on Python 3.11 that may swallow a cancellation, and then a turn outlives
    its lease and a worker its end.
    """
    return Pool(
        max_connections=_SIZE,
        timeout=timeout,
        socket_timeout=None,
        socket_connect_timeout=min(timeout, _CONNECT_TIMEOUT),
        health_check_interval=_HEALTH_CHECK,
        client_name="larkspur",
        driver_info=None,  # looking itself up would read the disk at every connection
        retry=Retry(ExponentialWithJitterBackoff(cap=0.5, base=0.05), 2),
        retry_on_error=[RuntimeError],  # uvloop's word for a connection that was reset
        db=address.db,
        username=address.login.username,
        password=address.login.password,
        **_way(address, timeout),
    )


def _way(address: Address, timeout: float) -> dict[str, Any]:
    """Return how to get there, in redis-py's words."""
    tcp = {"socket_keepalive": True}
    match address:
        case Server(place=place, tls=tls):
            secured = {} if tls is None else {"connection_class": SSLConnection, **tls}
            return {"host": place.host, "port": place.port, **tcp, **secured}
        case Socket(path=path):
            return {"connection_class": UnixDomainSocketConnection, "path": path}
        case Watched():
            master = Master(address, patience=timeout / 4)
            return {"connection_class": MasterConnection, "master": master, **tcp}
