"""One token for a whole fleet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from shared.errors import FeishuUnavailable
from shared.feishu.tokens import Tokens
from shared.store.shelf import TokenShelf
from tests.eventually import soon
from tests.integration.scripted import Answer, scripted, token

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from shared.store.connection import Store
    from shared.store.keys import Keys
    from tests.integration.scripted import Scripted


def lasting(seconds: int) -> dict[str, object]:
    return {"code": 0, "tenant_access_token": "t-short", "expire": seconds}


def process_of(script: Scripted, store: Store, keys: Keys) -> Tokens:
    return Tokens(script.transport, script.feishu, TokenShelf(store, keys))


async def test_all_processes_cost_one_fetch(store: Store, keys: Keys) -> None:
    async with scripted(tenant_access_token=token) as script:
        processes = [process_of(script, store, keys) for _ in range(5)]

        tokens = await asyncio.gather(*(each.current() for each in processes for _ in range(10)))

    assert set(tokens) == {"t-0"}
    assert script.calls["tenant_access_token"] == 1


async def test_refused_token_is_thrown_away_for_all(store: Store, keys: Keys) -> None:
    async with scripted(tenant_access_token=token) as script:
        processes = [process_of(script, store, keys) for _ in range(5)]
        await asyncio.gather(*(each.current() for each in processes))

        tokens = await asyncio.gather(*(each.current(refused="t-0") for each in processes))

    assert set(tokens) == {"t-1"}
    assert script.calls["tenant_access_token"] == 2


async def test_token_near_its_end_is_refreshed_by_one_while_the_others_go_on(
    store: Store, keys: Keys
) -> None:
    answered = asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        await answered.wait()
        return web.json_response(token(1))

    def answer(count: int) -> Answer:
        return lasting(24 * 60) if count == 0 else token(count)

    async with scripted(tenant_access_token=answer) as script:
        first, second = (process_of(script, store, keys) for _ in range(2))
        assert await first.current() == "t-short"
        refreshed = await second.current()  # it is due, and nobody fetches
        third = await process_of(script, store, keys).current()

    answered.set()
    assert (refreshed, third) == ("t-1", "t-1")
    assert script.calls["tenant_access_token"] == 2


async def test_while_one_fetches_ahead_the_others_use_what_is_there(
    store: Store, keys: Keys
) -> None:
    shelf = TokenShelf(store, keys)
    async with scripted(tenant_access_token=lambda _: lasting(24 * 60)) as script:
        await process_of(script, store, keys).current()
        _, mine = await shelf.take(refused="", ahead=1500.0)

        used = await process_of(script, store, keys).current()

    assert (mine, used) == (True, "t-short")
    assert script.calls["tenant_access_token"] == 1


async def test_token_that_cannot_be_refreshed_is_good_until_its_end(
    store: Store, keys: Keys
) -> None:
    def answer(count: int) -> Answer:
        return lasting(24 * 60) if count == 0 else web.Response(status=503, text="later")

    async with scripted(tenant_access_token=answer) as script:
        await process_of(script, store, keys).current()

        assert await process_of(script, store, keys).current() == "t-short"

    assert script.calls["tenant_access_token"] == 2


async def test_fetch_that_fails_is_told_at_once_and_tried_by_the_next(
    store: Store, keys: Keys
) -> None:
    def answer(count: int) -> Answer:
        return web.Response(status=503, text="later") if count == 0 else token(count)

    async with scripted(tenant_access_token=answer) as script:
        with pytest.raises(FeishuUnavailable):
            await process_of(script, store, keys).current()

        assert await process_of(script, store, keys).current() == "t-1"


async def test_fetcher_who_died_is_followed_by_another(
    store: Store, keys: Keys, redis: Redis
) -> None:
    _, is_mine = await TokenShelf(store, keys).take(refused="", ahead=1500.0)
    assert is_mine
    async with scripted(tenant_access_token=token) as script:
        waiting = asyncio.create_task(process_of(script, store, keys).current())
        await asyncio.sleep(0.2)
        assert script.calls["tenant_access_token"] == 0

        await redis.pexpire(keys.fetching, 1)  # as it does by itself, 15 s later

        assert await waiting == "t-0"


async def test_token_ends_with_its_lifetime(store: Store, keys: Keys, redis: Redis) -> None:
    async with scripted(tenant_access_token=lambda _: lasting(1)) as script:
        await process_of(script, store, keys).current()

        async def gone() -> bool:
            return not await redis.exists(keys.token)

        await soon(gone)
