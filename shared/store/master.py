"""Where the master is, by what the Sentinels say."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError, ResponseError

from shared.errors import ConfigurationError, StoreUnavailable
from shared.store.address import Place

if TYPE_CHECKING:
    from shared.store.address import Watched


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
            async with asyncio.timeout(self._patience), self._connected(sentinel) as asked:
                masters = cast("dict[str, Any]", await asked.sentinel_masters())
        except (AuthenticationError, ResponseError) as error:
            raise ConfigurationError(f"Sentinel {sentinel} refuses: {error}") from error
        except (RedisError, OSError) as error:
            reason = str(error) or "no answer"
            raise StoreUnavailable(f"Sentinel {sentinel}: {reason}") from error
        if self._name not in masters:
            raise ConfigurationError(
                f"Sentinel {sentinel} knows no master {self._name}, but {', '.join(masters)}"
            )
        state = masters[self._name]
        if state["is_sdown"] or state["is_odown"] or not state["is_master"]:
            raise StoreUnavailable(f"Sentinel {sentinel}: {self._name} is down")
        return Place(state["ip"], state["port"])

    def _connected(self, sentinel: Place) -> Redis:
        return Redis(
            host=sentinel.host,
            port=sentinel.port,
            username=self._login.username,
            password=self._login.password,
            socket_timeout=None,  # as in `pool.opened`
            retry=Retry(NoBackoff(), 0),
            driver_info=None,
        )
