from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import uvloop

from shared.errors import ConfigurationError, StoreUnavailable
from shared.store.connection import connected
from tests.forwarder import forwarding

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from redis.asyncio import Redis

    from cli.valkey import Valkey
    from shared.store.connection import Store


async def test_cancelled_call_ends_whenever_the_cancellation_comes(clean: str) -> None:
    async with connected(clean, timeout=5.0) as store:
        for steps in range(400):
            asking = asyncio.create_task(_ask_for_ever(store))
            for _ in range(steps % 40):
                await asyncio.sleep(0)

            asking.cancel()

            _, running = await asyncio.wait({asking}, timeout=5.0)
            assert not running, f"cancelled after {steps % 40} steps and still running"


async def test_server_that_does_not_answer_is_given_up(clean: str, redis: Redis) -> None:
    async with connected(clean, timeout=0.2) as store:
        await store.ping()
        await redis.client_pause(1_000)

        with pytest.raises(StoreUnavailable):
            await store.ping()

        await redis.client_unpause()


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_connection_that_was_reset_is_replaced_within_the_call(
    run: Callable[[Coroutine[None, None, None]], None], valkey: Valkey
) -> None:
    async def reset() -> None:
        async with connected(forwarder.url, timeout=5.0) as store:
            await store.ping()
            forwarder.reset()
            await asyncio.sleep(0.2)  # it is to arrive before the next call

            await store.ping()

    with forwarding(valkey.port) as forwarder:
        run(reset())


async def test_url_that_is_none_is_named_with_its_setting() -> None:
    with pytest.raises(ConfigurationError, match="REDIS_URL"):
        async with connected("http://localhost", timeout=1.0):
            pass


async def _ask_for_ever(store: Store) -> None:
    while True:
        await store.ping()
