"""One limit for a whole fleet."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from shared.model.rate import Rate
from shared.store.limiter import Limiter
from tests.eventually import soon

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from shared.store.connection import Store
    from shared.store.keys import Keys

SLOW = Rate("POST /messages", 10, 3600.0, 10)
MINUTE = Rate("POST /messages minute", 1000, 60.0, 1000)
CHAT = Rate("chat oc_1", 3, 3600.0, 3)


@pytest.fixture
def limiter(store: Store, keys: Keys) -> Limiter:
    return Limiter(store, keys)


async def admitted(limiter: Limiter, *rates: Rate) -> int:
    """Make calls until one has to wait; return how many there were."""
    number = 0
    while not (await limiter.admit(rates)).seconds:
        number += 1
    return number


async def test_window_holds_no_more_calls_than_it_may(limiter: Limiter) -> None:
    assert await admitted(limiter, SLOW) == 10
    assert 0 < (await limiter.admit([SLOW])).seconds <= 3600


async def test_two_processes_share_a_bucket(store: Store, keys: Keys) -> None:
    one, other = Limiter(store, keys), Limiter(store, keys)

    assert not (await one.admit([SLOW])).seconds

    assert await admitted(other, SLOW) == 9


async def test_call_that_waits_in_one_bucket_is_counted_in_none(limiter: Limiter) -> None:
    assert await admitted(limiter, SLOW, CHAT) == 3
    assert (await limiter.admit([SLOW, CHAT])).bucket == CHAT.bucket

    assert await admitted(limiter, SLOW) == 7


async def test_lower_shares_leave_room_for_higher_ones(limiter: Limiter) -> None:
    numbers = [await admitted(limiter, SLOW._replace(share=share)) for share in (6, 8, 9, 10)]

    assert numbers == [6, 2, 1, 1]


async def test_window_moves_on(limiter: Limiter) -> None:
    short = Rate("short", 2, 0.2, 2)
    assert await admitted(limiter, short) == 2

    async def again() -> bool:
        return not (await limiter.admit([short])).seconds

    await soon(again)


async def test_pause_holds_up_whom_it_concerns_and_nobody_else(limiter: Limiter) -> None:
    await limiter.pause("chat oc_1", 3600.0)

    wait = await limiter.admit([SLOW, CHAT])

    assert (wait.bucket, 3000 < wait.seconds <= 3600) == ("chat oc_1", True)
    assert not (await limiter.admit([SLOW])).seconds


async def test_buckets_that_nobody_uses_are_gone(limiter: Limiter, redis: Redis) -> None:
    await limiter.admit([Rate("short", 2, 0.05, 2)])
    await limiter.place(Rate("short", 2, 0.05, 2), 1000.0)

    async def gone() -> bool:
        return int(await redis.dbsize()) == 0

    await soon(gone)


async def test_bucket_keeps_no_call_that_is_older_than_its_window(
    limiter: Limiter, redis: Redis, keys: Keys
) -> None:
    short = Rate("short", 1000, 0.05, 1000)
    await asyncio.gather(*(limiter.admit([short]) for _ in range(100)))
    await asyncio.sleep(0.06)

    await limiter.admit([short])

    assert await redis.llen(f"{keys.limits}short") == 1


async def test_places_of_a_line_are_as_far_apart_as_the_seconds_limit_asks(
    limiter: Limiter,
) -> None:
    places = await taken_together(limiter, 4, MINUTE, 0.5)

    apart = [later - earlier for earlier, later in pairwise(places)]
    assert places[0] == 0.0
    assert all(1 < gap <= 2 for gap in apart)  # less by the time between the questions


async def test_places_are_further_apart_the_fuller_the_minute_is(limiter: Limiter) -> None:
    minute = Rate("minute", 150, 60.0, 150)
    gaps = []
    for calls in (0, 50, 35, 15):
        for _ in range(calls):
            await limiter.admit([minute])
        first, second = await taken_together(limiter, 2, minute, 10.0)
        gaps.append(second - first)

    assert gaps == sorted(gaps)
    assert 0 < gaps[0] <= 1 / 10
    assert gaps[-1] > 4 / 9  # nine in four seconds are what a minute of 150 bears for ever


async def taken_together(
    limiter: Limiter, count: int, lasting: Rate, per_second: float
) -> list[float]:
    """Take so many places in the same moment, or nearly; return them in order."""
    return sorted(await asyncio.gather(*(limiter.place(lasting, per_second) for _ in range(count))))
