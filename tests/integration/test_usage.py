"""What was used, by whom and where, day by day."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from shared.model.ids import ChatId, OpenId
from shared.model.usage import Usage
from shared.store.usage import TENANT, Accounts, Used, of_chat, of_user

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from shared.store.connection import Store
    from shared.store.keys import Keys

ALICE, BOB = OpenId("ou_alice"), OpenId("ou_bob")
CHAT, OTHER = ChatId("oc_1"), ChatId("oc_2")
MINI = Usage("gpt-5-mini", read=1000, wrote=200, price=650)
LARGE = Usage("qwen3:32b", read=10, wrote=20)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 27, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(store: Store, keys: Keys, clock: Clock) -> Accounts:
    return Accounts(store, keys, clock)


async def test_turn_is_in_three_accounts_by_model(accounts: Accounts) -> None:
    assert await accounts.add("om_1", ALICE, CHAT, [MINI, LARGE])

    used = Used({MINI.model: MINI, LARGE.model: LARGE})
    assert await accounts.today([of_user(ALICE), of_chat(CHAT), TENANT]) == [used] * 3
    assert (used.tokens, used.price) == (1230, 650)


async def test_accounts_are_of_one_user_and_one_chat(accounts: Accounts) -> None:
    await accounts.add("om_1", ALICE, CHAT, [MINI])
    await accounts.add("om_2", BOB, OTHER, [MINI])

    found = await accounts.today([of_user(ALICE), of_chat(OTHER), TENANT, of_user(OpenId("ou_0"))])

    assert [used.tokens for used in found] == [1200, 1200, 2400, 0]


async def test_turn_counts_once_however_often_it_is_added(accounts: Accounts) -> None:
    tries = [accounts.add("om_1", ALICE, CHAT, [MINI]) for _ in range(20)]

    new = await asyncio.gather(*tries)

    assert new.count(True) == 1
    assert (await accounts.today([TENANT]))[0].tokens == 1200


async def test_day_ends_at_midnight_in_beijing(accounts: Accounts, clock: Clock) -> None:
    clock.time = datetime(2026, 11, 27, 15, 59, tzinfo=UTC)
    await accounts.add("om_1", ALICE, CHAT, [MINI])

    clock.time = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)

    assert await accounts.today([of_user(ALICE)]) == [Used()]


async def test_month_adds_its_days_up(accounts: Accounts, clock: Clock) -> None:
    for day in (1, 26, 27):
        clock.time = datetime(2026, 11, day, 12, tzinfo=UTC)
        await accounts.add(f"om_{day}", ALICE, CHAT, [MINI])
    clock.time = datetime(2026, 10, 31, 12, tzinfo=UTC)
    await accounts.add("om_before", ALICE, CHAT, [LARGE])

    clock.time = datetime(2026, 11, 30, 12, tzinfo=UTC)

    used = await accounts.this_month(of_user(ALICE))
    assert used == Used({MINI.model: Usage(MINI.model, 3000, 600, 1950)})


async def test_nothing_used_is_written_nowhere(accounts: Accounts, redis: Redis) -> None:
    assert not await accounts.add("om_1", ALICE, CHAT, [])

    assert await redis.dbsize() == 0


async def test_everything_expires_within_40_days(
    accounts: Accounts, redis: Redis, keys: Keys
) -> None:
    await accounts.add("om_1", ALICE, CHAT, [MINI])

    names = [name async for name in redis.scan_iter()]
    seconds = sorted([await redis.ttl(name) for name in names])
    assert all(name.decode().startswith(keys.prefix) for name in names)
    assert seconds == pytest.approx([24 * 3600, *[40 * 24 * 3600] * 3], abs=10)
