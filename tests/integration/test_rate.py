"""How many messages of one user are answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from shared.model.ids import OpenId
from tests.eventually import soon
from workers.policy.rate import Rate

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from shared.store.connection import Store
    from shared.store.keys import Keys

ALICE, BOB = OpenId("ou_alice"), OpenId("ou_bob")


@pytest.fixture
def rate(store: Store, keys: Keys) -> Rate:
    return Rate(store, keys)


async def ruled(rate: Rate, *messages: str, user: OpenId = ALICE) -> list[str]:
    return [await rate.rule(user, message, per_minute=2) for message in messages]


async def test_first_message_too_many_is_told_and_those_after_it_are_not(rate: Rate) -> None:
    assert await ruled(rate, "1", "2", "3", "4", "5") == [
        "fine",
        "fine",
        "told",
        "silent",
        "silent",
    ]


async def test_users_do_not_share_a_rate(rate: Rate) -> None:
    await ruled(rate, "1", "2", "3")

    assert await ruled(rate, "4", user=BOB) == ["fine"]


async def test_message_that_comes_again_counts_once_and_hears_the_same(rate: Rate) -> None:
    await ruled(rate, "1", "1", "1", "2", "3")

    assert await ruled(rate, "1", "2", "3", "4") == ["fine", "fine", "told", "silent"]


async def test_fleet_counts_together(store: Store, keys: Keys) -> None:
    fleet = [Rate(store, keys) for _ in range(10)]

    rulings = await asyncio.gather(
        *(each.rule(ALICE, f"{n}", per_minute=4) for n, each in enumerate(fleet))
    )

    assert sorted(rulings) == ["fine"] * 4 + ["silent"] * 5 + ["told"]


async def test_what_is_let_in_is_remembered_and_what_is_not_too(rate: Rate) -> None:
    await ruled(rate, "1", "2", "3")
    await rate.rule(BOB, "4", per_minute=None)

    assert [await rate.has_passed(name) for name in ("1", "3", "4", "5")] == [
        True,
        False,
        True,
        False,
    ]


async def test_window_moves_on(store: Store) -> None:
    names = iter(range(10**6))

    async def ruling() -> bytes:
        keys = ["bucket", f"ruling:{next(names)}", "told"]
        found: bytes = await store.run("ration", keys, [200, 1, 1000])
        return found

    assert [await ruling(), await ruling()] == [b"fine", b"told"]

    async def again() -> bool:
        return await ruling() == b"fine"

    await soon(again)


async def test_nothing_is_kept_for_ever(rate: Rate, redis: Redis) -> None:
    await ruled(rate, "1", "2", "3")

    kept = [await redis.ttl(name) async for name in redis.scan_iter()]

    assert len(kept) == 5
    assert all(0 < seconds <= 3600 for seconds in kept)
