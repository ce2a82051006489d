from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.model.ids import ConversationId
from shared.store.sweep import POPPED_WAKE_BEGINS_WITHIN
from tests.eventually import soon
from tests.integration.engine import CHAT, event

if TYPE_CHECKING:
    from tests.integration.engine import Engine


async def test_wake_that_waits_in_a_long_queue_is_not_pushed_again(engine: Engine) -> None:
    names = [ConversationId(f"oc_{number}") for number in range(300)]
    await engine.accept(*(event(conversation=name) for name in names))
    await _age(engine, 600)

    for _ in range(5):
        assert await engine.sweep() == []

    assert await engine.wakes_waiting() == 300


async def test_lost_wake_is_pushed_again_once_the_queue_is_empty(engine: Engine) -> None:
    await engine.accept(event())
    await engine.redis.delete(engine.queue.wakes)
    await _age(engine, POPPED_WAKE_BEGINS_WITHIN + 1)

    assert await engine.sweep() == [CHAT]
    assert await engine.wakes_waiting() == 1


async def test_lost_wake_is_found_behind_younger_ones_that_wait(engine: Engine) -> None:
    await engine.accept(event())
    await engine.redis.delete(engine.queue.wakes)
    await _age(engine, 600)
    await engine.accept(event(conversation=ConversationId("oc_younger")))

    assert await engine.sweep() == [CHAT]


async def test_wake_just_popped_is_given_time_to_begin(engine: Engine) -> None:
    await engine.accept(event())
    await engine.redis.rpop(engine.queue.wakes)

    assert await engine.sweep() == []


async def test_strange_message_at_the_head_of_the_queue_hides_nothing_for_good(
    engine: Engine,
) -> None:
    await engine.accept(event())
    await engine.redis.delete(engine.queue.wakes)
    await engine.redis.rpush(engine.queue.wakes, b"not json", b'{"headers": {"id": 7}}')
    await _age(engine, 600)

    assert await engine.sweep() == []
    await engine.redis.delete(engine.queue.wakes)
    assert await engine.sweep() == [CHAT]


async def test_two_sweepers_wake_a_conversation_once(engine: Engine) -> None:
    await engine.accept(event())
    await engine.begin(seconds=0.01)

    assert await soon(engine.sweep) == [CHAT]
    assert await engine.sweep() == []
    assert await engine.wakes_waiting() == 1


async def test_needless_wake_begins_nothing_after_the_turn(engine: Engine) -> None:
    await engine.accept(event())
    begun = await engine.begin()
    await engine.endings.settle(begun)

    assert await engine.leases().begin(CHAT, at_most=1) is None


async def _age(engine: Engine, seconds: float) -> None:
    """Let every wake have been pushed so long ago; their ids tell the same, if they still wait."""
    redis: Any = engine.redis
    for name, pushed in await redis.zrange(engine.queue.waking, 0, -1, withscores=True):
        await redis.zadd(engine.queue.waking, {name: pushed - seconds * 1000})
    for place, wake in enumerate(await redis.lrange(engine.queue.wakes, 0, -1)):
        await redis.lset(engine.queue.wakes, place, _older(wake, seconds))


def _older(wake: bytes, seconds: float) -> bytes:
    before, found, rest = wake.partition(b'"id": "')
    if not found or rest[14:15] != b"7":
        return wake
    pushed = int(rest[:8] + rest[9:13], 16) - int(seconds * 1000)
    older = b"%012x" % pushed
    return before + found + older[:8] + b"-" + older[8:] + rest[13:]
