from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.errors import MalformedEvent
from shared.model.ids import ConversationId, LetterId
from shared.store.dead_letters import DeadLetters
from shared.store.letters import every, newest, opened
from tests.integration.engine import CHAT, bury, event, payload_of

if TYPE_CHECKING:
    from tests.integration.engine import Engine

OTHER = ConversationId("oc_2")
ODD = b'\xff\x00 no entry\x1b[31m {"v":'


async def test_dead_letters_are_listed_with_the_newest_last(engine: Engine) -> None:
    await bury(engine, *(f"e_{number:03}" for number in range(120)))

    found = await newest(engine.store, engine.keys, at_most=110)

    assert [letter.id for letter in found.letters] == [
        f"e_{number:03}" for number in range(10, 120)
    ]
    assert found.total == 120
    assert {(one.conversation, one.reason, one.attempts, one.mail) for one in found.letters} == {
        (CHAT, "poison", 1, 1)
    }


async def test_dead_letters_of_one_conversation_can_be_asked_for(engine: Engine) -> None:
    await engine.accept(event(event_id="e_other", conversation=OTHER))
    await engine.endings.settle(await engine.begin(OTHER), dead="poison")
    await bury(engine, "e_mine")

    found = await newest(engine.store, engine.keys, at_most=9, conversation=OTHER)

    assert [letter.id for letter in found.letters] == ["e_other"]


async def test_letter_with_mail_that_cannot_be_read_is_opened(engine: Engine) -> None:
    await engine.redis.rpush(engine.keys.mailbox(CHAT), ODD)
    await engine.redis.zadd(engine.queue.waking, {CHAT: 1})
    begun = await engine.begin()
    await engine.endings.settle(begun, dead="not_an_entry")

    name = LetterId(f"unread-{begun.lease.fence}")
    found = await opened(engine.store, engine.keys, name, at_most=9, content=True)

    assert found is not None
    assert (found.letter.reason, found.letter.mail) == ("not_an_entry", 1)
    assert [entry.content for entry in found.entries] == [ODD]


@pytest.mark.parametrize("head", [b"", b"\xff", b"[]", b"{}", b'{"conversation": 7}'])
async def test_letter_that_tells_nothing_is_listed_kept_and_dropped(
    engine: Engine, head: bytes
) -> None:
    letter = LetterId("e_damaged")
    await engine.redis.zadd(engine.keys.dead_letters, {letter: 1})
    await engine.redis.hset(engine.keys.dead_letter(letter), mapping={"head": head, "mail:1": ODD})
    letters = DeadLetters(engine.store, engine.keys)

    (listed,) = (await newest(engine.store, engine.keys, at_most=9)).letters
    with pytest.raises(MalformedEvent):
        await letters.replay(letter)

    assert (listed.id, listed.conversation, listed.reason, listed.mail) == (letter, None, None, 1)
    assert await letters.drop(letter)
    assert not await letters.drop(letter)
    assert not await engine.redis.exists(engine.keys.dead_letters)


async def test_nothing_is_left_of_a_dropped_letter(engine: Engine) -> None:
    await bury(engine, "e_1", "e_2")

    assert await DeadLetters(engine.store, engine.keys).drop(LetterId("e_1"))

    assert await engine.redis.zrange(engine.keys.dead_letters, 0, -1) == [b"e_2"]
    assert not await engine.redis.exists(engine.keys.dead_letter(LetterId("e_1")))


async def test_replayed_mail_stands_behind_what_waits(engine: Engine) -> None:
    await bury(engine, "e_dead")
    await engine.accept(event(b"newer"))

    await DeadLetters(engine.store, engine.keys).replay(LetterId("e_dead"))

    assert payload_of(await engine.begin()) == b"newer"


async def test_every_letter_comes_once_the_oldest_first_whatever_is_removed(
    engine: Engine,
) -> None:
    names = [f"e_{number:03}" for number in range(230)]
    await bury(engine, *names)
    letters = DeadLetters(engine.store, engine.keys)
    seen = []

    async for letter in every(engine.store, engine.keys):
        seen.append(letter.id)
        if len(seen) % 3:
            await letters.drop(letter.id)

    assert seen == names
    assert await engine.redis.zcard(engine.keys.dead_letters) == 230 // 3


async def test_letter_of_no_time_is_met_like_any_other(engine: Engine) -> None:
    await bury(engine, "e_1", "e_2")
    await engine.redis.zadd(engine.keys.dead_letters, {"e_1": 0})

    seen = [letter.id async for letter in every(engine.store, engine.keys)]

    assert seen == ["e_1", "e_2"]


async def test_letter_that_dies_again_meanwhile_is_not_met_again(engine: Engine) -> None:
    await bury(engine, "e_1", "e_2")
    seen = []

    async for letter in every(engine.store, engine.keys):
        seen.append(letter.id)
        await DeadLetters(engine.store, engine.keys).replay(letter.id)
        await engine.endings.settle(await engine.begin(), dead="poison still")

    assert seen == ["e_1", "e_2"]
    assert await engine.redis.zcard(engine.keys.dead_letters) == 2
