"""Where the master is, by what the Sentinels say."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

from redis.asyncio import Connection
from redis.exceptions import AuthenticationError, RedisError, ResponseError

from shared.errors import ConfigurationError, StoreUnavailable
from shared.store.address import Place

if TYPE_CHECKING:
    from shared.store.address import Watched


_DOWN: Final = {"s_down", "o_down"}


class Master:
    """A master that moves. `place` is where it was found last."""

    def __init__(self, address: Watched, *, patience: float) -> None:
        """Give each Sentinel `patience` seconds: a dead one must leave time for the others."""
        self._name = address.master
        self._login = address.sentinel_login
        self._patience = patience
        self._sentinels = deque(address.sentinels)
        self._asking = asyncio.Lock()
        self.place: Place | None = None

    async def find(self) -> Place:
        """Ask one Sentinel after the other, first the one that knew it last time.

        Raises:
            StoreUnavailable: none of them says.
            ConfigurationError: all of them answered, and none will ever say.
        """
        faults: list[ConfigurationError | StoreUnavailable] = []
        async with self._asking:
            for sentinel in tuple(self._sentinels):
                try:
                    self.place = await self._ask(sentinel)
                except (ConfigurationError, StoreUnavailable) as fault:
                    faults.append(fault)
                    self._sentinels.rotate(-1)  # whoever does not help is asked last
                else:
                    return self.place
        heard = "; ".join(map(str, faults))
        if all(isinstance(fault, ConfigurationError) for fault in faults):
            raise ConfigurationError(heard)
        raise StoreUnavailable(heard)

    async def _ask(self, sentinel: Place) -> Place:
        try:
            async with asyncio.timeout(self._patience):
                told = await self._told(sentinel)
        except (AuthenticationError, ResponseError) as error:
            raise ConfigurationError(f"Sentinel {sentinel} on {self._name}: {error}") from error
        except (RedisError, OSError) as error:
            reason = str(error) or "no answer"
            raise StoreUnavailable(f"Sentinel {sentinel}: {reason}") from error
        if _DOWN & set(told["flags"].split(",")):
            raise StoreUnavailable(f"Sentinel {sentinel}: {self._name} is down")
        return Place(told["ip"], int(told["port"]))

    async def _told(self, sentinel: Place) -> dict[str, str]:
        """Ask over a connection of its own, for it is asked seldom, and often after a failure.

        It is closed without waiting: what waits could be cancelled before it has closed anything.
        """
        connection = Connection(
            host=sentinel.host,
            port=sentinel.port,
            username=self._login.username,
            password=self._login.password,
            socket_timeout=None,  # as in `pool.opened`
            socket_connect_timeout=None,
            driver_info=None,
            protocol=2,
            decode_responses=True,
        )
        try:
            await connection.connect()
            await connection.send_command("SENTINEL", "MASTER", self._name)
            names_and_values = await connection.read_response()
        finally:
            await connection.disconnect(nowait=True)
        return dict(zip(names_and_values[::2], names_and_values[1::2], strict=True))
