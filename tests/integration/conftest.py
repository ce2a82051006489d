from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from cli.ports import free_port
from cli.valkey import Valkey
from shared.model.ids import AppId
from shared.store.connection import Store
from shared.store.keys import Keys
from tests.integration.engine import Engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("valkey"), port=free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def clean(valkey: Valkey) -> str:
    """The URL of a Redis that holds nothing."""
    with SyncRedis.from_url(valkey.url) as client:
        client.flushall()
    return valkey.url


@pytest.fixture
async def redis(clean: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(clean, driver_info=None) as client:
        yield client


@pytest.fixture
def store(redis: Redis) -> Store:
    return Store(redis)


@pytest.fixture
def keys() -> Keys:
    return Keys(AppId("cli_0123456789abcdef"))


@pytest.fixture
def engine(redis: Redis, store: Store, keys: Keys) -> Engine:
    return Engine(redis, store, keys)
