"""What the acceptor promises of order and time, while Redis misbehaves."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from ingress.waiting import TOGETHER
from tests.eventually import soon
from tests.forwarder import forwarding
from tests.integration.accepting import AGAIN, OK, accepting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from cli.valkey import Valkey
    from shared.store.keys import Keys
    from tests.forwarder import Forwarder
    from tests.integration.accepting import Accepting

LONG_LINE = 2000
HOUR = 3600.0


@pytest.fixture
def way(valkey: Valkey) -> Iterator[Forwarder]:
    with forwarding(valkey.port) as forwarder:
        yield forwarder


@pytest.fixture
async def door(clean: str, way: Forwarder, keys: Keys) -> AsyncIterator[Accepting]:
    """An acceptor whose line to Redis is open."""
    async with accepting(clean, way, keys) as door:
        door.take("first")
        await door.answered(1)
        door.forget()
        await door.redis.flushdb()
        yield door


async def test_what_waited_is_stored_before_what_came_later(door: Accepting) -> None:
    door.way.dead = True
    door.take("a", "b")
    await asyncio.sleep(0.3)
    door.take("c", "d")

    door.way.revive()

    assert await door.answered(4) == [(name, OK) for name in "abcd"]
    assert await door.mailbox() == [*"abcd"]


async def test_only_those_whose_time_is_up_are_refused(door: Accepting) -> None:
    door.way.dead = True
    door.take("old")
    await asyncio.sleep(2.0)
    door.take("young")
    assert await door.answered(1) == [("old", AGAIN)]

    door.way.revive()

    assert await door.answered(2) == [("old", AGAIN), ("young", OK)]


async def test_what_came_together_is_refused_together(door: Accepting) -> None:
    door.way.dead = True
    door.take("a")
    await asyncio.sleep(0.1)
    door.take("b")

    assert await door.answered(2) == [("a", AGAIN), ("b", AGAIN)]

    assert len(set(door.steps)) <= groups(door.taken_at)


async def test_long_line_is_refused_as_a_whole(door: Accepting) -> None:
    door.way.dead = True
    names = [f"m{number}" for number in range(LONG_LINE)]
    door.take(*names)

    await door.answered(LONG_LINE)

    assert door.named(AGAIN) == names
    assert len(set(door.steps)) <= groups(door.taken_at)


async def test_what_was_refused_and_stored_all_the_same_is_known_when_it_comes_again(
    door: Accepting,
) -> None:
    door.way.dead = True
    door.take("a", "b")
    await door.answered(2)
    door.way.revive()
    await soon(door.mailbox)

    door.take("a", "b")

    assert await door.answered(4) == [("a", AGAIN), ("b", AGAIN), ("a", OK), ("b", OK)]
    assert await door.mailbox() == ["a", "b"]


async def test_hung_line_is_left_for_another_in_time(door: Accepting) -> None:
    door.way.hang()

    door.take("a", "b")

    assert await door.answered(2) == [("a", OK), ("b", OK)]


async def test_batch_is_answered_while_the_next_is_stored(door: Accepting) -> None:
    door.way.slow = 0.2
    door.take("a")
    await asyncio.sleep(0.1)
    door.take("b")

    await door.answered(1)
    door.way.dead = True

    assert door.answers == [("a", OK)]
    door.way.revive()
    assert await door.answered(2) == [("a", OK), ("b", OK)]


async def test_stored_batch_is_answered_in_time_though_the_next_cannot_be_sent(
    door: Accepting,
) -> None:
    more_than_fits = [door.delivery(name, text="x" * 4_000_000) for name in "bcde"]
    door.way.slow = 0.3
    door.take("a")
    await soon(lambda: stored(door, 1))
    door.way.full = True
    for delivery in more_than_fits:
        door.deliver(delivery)

    await door.answered(5)

    assert door.answers[0] == ("a", OK)
    assert door.named(AGAIN) == [*"bcde"]
    door.way.full = False
    await soon(lambda: stored(door, 5))


@pytest.mark.parametrize("jump", [-HOUR, HOUR], ids=["back", "forward"])
async def test_clock_that_jumps_changes_nobodys_time(door: Accepting, jump: float) -> None:
    door.way.dead = True
    door.take("refused", clock=jump)
    await door.answered(1)
    door.take("waiting", clock=jump)
    await asyncio.sleep(0.5)

    door.way.revive()

    assert await door.answered(2) == [("refused", AGAIN), ("waiting", OK)]


async def test_outage_is_known_with_its_reason_until_it_is_over(door: Accepting) -> None:
    await door.redis.config_set("maxmemory", 1)
    door.take("a")
    await soon(lambda: says(door, "maxmemory"))

    await door.redis.config_set("maxmemory", 0)

    assert await door.answered(1) == [("a", OK)]
    assert "redis" not in door.health.reasons


@pytest.mark.parametrize("seed", range(3))
async def test_each_is_answered_once_and_stored_once_in_order_whatever_happens(
    door: Accepting, seed: int
) -> None:
    dice = random.Random(seed)
    names = []
    for number in range(400):
        names.append(f"m{number}")
        door.take(names[-1])
        await asyncio.sleep(dice.uniform(0, 0.02))
        if number % 20 == 0:
            await misfortune(door, dice)
    door.way.slow = 0.0
    door.way.revive()
    await door.answered(len(names))

    again = door.named(AGAIN)
    door.take(*again)
    await door.answered(len(names) + len(again))

    first = [name for name, code in door.answers[: len(names)] if code is OK]
    stored = await door.mailbox()
    assert sorted(name for name, _ in door.answers) == sorted(names + again)
    assert sorted(stored) == sorted(names)
    assert [name for name in stored if name in set(first)] == first
    assert sorted(first, key=names.index) == first


async def misfortune(door: Accepting, dice: random.Random) -> None:
    way = door.way
    match dice.choice(["hang", "reset", "die", "slow", "forget", "recover", "recover"]):
        case "hang":
            way.hang()
        case "reset":
            way.reset()
        case "die":
            way.dead = True
            await asyncio.sleep(dice.uniform(0, 1.5))
            way.revive()
        case "slow":
            way.slow = dice.uniform(0, 0.3)
        case "forget":
            await door.redis.script_flush()
        case _:
            way.slow = 0.0
            way.revive()


def groups(taken_at: list[float]) -> int:
    """Return in how many groups they came: one, unless the machine was busy meanwhile."""
    count, first = 1, taken_at[0]
    for moment in taken_at:
        if moment - first > TOGETHER / 2:  # with room for timers that ring early
            count, first = count + 1, moment
    return count


async def stored(door: Accepting, count: int) -> bool:
    return len(await door.mailbox()) == count


async def says(door: Accepting, reason: str) -> bool:
    return reason in door.health.reasons.get("redis", "")
