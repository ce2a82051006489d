from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.errors import LeaseLost
from shared.model.draft import Draft
from shared.model.ids import CardId, ConversationId, LetterId, MessageId
from shared.store.conversations import STATES, Conversations
from shared.store.drafts import Drafts
from shared.store.inspection import inspect
from shared.store.letters import newest, opened
from shared.store.tally import tally
from tests.integration.engine import CHAT, bury, event, payload_of

if TYPE_CHECKING:
    from shared.store.conversations import State
    from shared.store.inspection import Inspected
    from tests.integration.engine import Engine

QUESTION = MessageId("om_asked")
APPROVAL = ConversationId("approval:1")
OTHER = ConversationId("oc_2")
ODD = b'\xff\x00 no entry\x1b[31m {"v":'


@pytest.fixture
def conversations(engine: Engine) -> Conversations:
    return Conversations(engine.store, engine.keys)


async def in_states(engine: Engine, *states: State, at_most: int = 50) -> list[tuple[str, str]]:
    page = await Conversations(engine.store, engine.keys).in_states(states, at_most=at_most)
    return [(one.name, one.state) for one in page.conversations]


async def looked_at(
    engine: Engine, name: ConversationId = CHAT, *, at_most: int = 20, content: bool = False
) -> Inspected:
    return await inspect(engine.store, engine.keys, name, at_most=at_most, content=content)


async def test_empty_redis_has_nothing_to_tell(engine: Engine) -> None:
    found = await tally(engine.store, engine.keys)

    assert (found.dead_letters, found.woken) == (0, 0)
    assert found.queues["turns"] == found.queues["events"]
    assert found.queues["turns"].oldest_age is None
    assert await in_states(engine, *STATES) == []
    assert not (await looked_at(engine)).exists


async def test_numbers_are_told_by_queue(engine: Engine) -> None:
    await bury(engine, "e_dead")
    names = [ConversationId(f"oc_{number}") for number in range(5)]
    await engine.accept(*(event(conversation=name) for name in (*names, APPROVAL)))
    deferred = await engine.begin(names[0])
    await engine.endings.defer(deferred.lease, 60)
    await engine.begin(names[1])

    found = await tally(engine.store, engine.keys)

    turns, events = found.queues["turns"], found.queues["events"]
    assert (turns.depth, turns.waiting, turns.running, turns.deferred) == (3, 3, 1, 1)
    assert (events.depth, events.waiting, events.running, events.deferred) == (1, 1, 0, 0)
    assert (found.dead_letters, found.woken) == (1, 7)


async def test_oldest_age_is_that_of_who_has_waited_longest(engine: Engine) -> None:
    await engine.accept(event(), event(conversation=OTHER))
    pushed = await engine.redis.zscore(engine.queue.waking, CHAT)
    await engine.redis.zadd(engine.queue.waking, {CHAT: pushed - 600_000})

    age = (await tally(engine.store, engine.keys)).queues["turns"].oldest_age

    assert age is not None
    assert 600 <= age < 660


async def test_conversations_are_listed_by_state(engine: Engine) -> None:
    await engine.accept(*(event(conversation=name) for name in (CHAT, OTHER, APPROVAL)))
    await engine.begin(APPROVAL)
    await engine.endings.defer((await engine.begin(OTHER)).lease, 60)

    assert await in_states(engine, *STATES) == [
        (APPROVAL, "running"),
        (CHAT, "waiting"),
        (OTHER, "deferred"),
    ]
    assert await in_states(engine, "deferred") == [(OTHER, "deferred")]


async def test_listed_conversation_tells_how_it_stands(
    engine: Engine, conversations: Conversations
) -> None:
    await engine.accept(event(), event())
    begun = await engine.begin(seconds=30)

    page = await conversations.in_states(STATES, at_most=9)

    (one,) = page.conversations
    assert (one.queue, one.mail, one.attempts, one.fence) == ("turns", 2, 1, begun.lease.fence)
    assert 20 < one.at - page.now <= 30
    assert one.age == pytest.approx(page.now)  # the events of tests are of 1970


async def test_many_conversations_are_listed_page_by_page(engine: Engine) -> None:
    names = [ConversationId(f"oc_{number}") for number in range(250)]
    await engine.accept(*(event(conversation=name) for name in names))

    page = await Conversations(engine.store, engine.keys).in_states(STATES, at_most=240)

    assert [one.name for one in page.conversations] == names[:240]
    assert page.total == 250


async def test_all_that_is_kept_of_a_conversation_is_shown(engine: Engine) -> None:
    await engine.accept(event(b"first", event_id="e_1"), event(b"second"))
    await engine.endings.settle(await engine.begin(), exchanges=[b"exchange"])
    await engine.accept(event(b"third"))
    begun = await engine.begin()
    drafts = Drafts(engine.store, engine.keys)
    await drafts.adopt(begun.lease, QUESTION)
    await drafts.keep(begun.lease, Draft((CardId("card"),), answer=b"private"), question=QUESTION)

    found = await looked_at(engine)

    assert (found.state, found.fence, found.attempts) == ("running", begun.lease.fence, 1)
    assert (found.mail, found.taken, found.exchanges, found.question) == (2, 1, 1, QUESTION)
    assert found.draft is not None
    assert (found.draft.card, found.draft.message, found.draft.answer_size) == ("card", None, 7)
    assert [entry.event_type for entry in found.entries] == ["im.message.receive_v1"] * 2
    assert [entry.content for entry in found.entries] == [None, None]


async def test_content_is_shown_only_to_who_asks_for_it(engine: Engine) -> None:
    await engine.accept(event(b'{"text":\n"private"}'))

    (entry,) = (await looked_at(engine, content=True)).entries

    assert entry.content == b'{"text":\n"private"}'


async def test_no_more_mail_is_shown_than_asked_for(engine: Engine) -> None:
    await engine.accept(*(event() for _ in range(30)))

    found = await looked_at(engine, at_most=3)

    assert (found.mail, len(found.entries)) == (30, 3)


async def test_what_is_no_entry_is_shown_as_it_lies_there(engine: Engine) -> None:
    await engine.redis.rpush(engine.keys.mailbox(CHAT), ODD)
    await engine.redis.zadd(engine.queue.waking, {CHAT: 1})

    (entry,) = (await looked_at(engine, content=True)).entries
    page = await Conversations(engine.store, engine.keys).in_states(STATES, at_most=9)

    assert (entry.event_id, entry.event_type, entry.received_at) == (None, None, None)
    assert (entry.size, entry.content) == (len(ODD), ODD)
    assert [(one.mail, one.age) for one in page.conversations] == [(1, None)]


async def test_mailbox_that_is_none_is_told_apart_from_an_empty_one(engine: Engine) -> None:
    await engine.redis.set(engine.keys.mailbox(CHAT), "something else")
    await engine.redis.zadd(engine.queue.waking, {CHAT: 1, OTHER: 2})

    page = await Conversations(engine.store, engine.keys).in_states(STATES, at_most=9)

    assert [(one.name, one.mail) for one in page.conversations] == [(CHAT, None), (OTHER, 0)]
    assert (await looked_at(engine)).mail is None


async def test_looking_changes_nothing(engine: Engine, conversations: Conversations) -> None:
    await bury(engine, "e_dead")
    await engine.accept(event(), event(conversation=OTHER))
    await engine.begin()
    before = await _everything(engine)

    await tally(engine.store, engine.keys)
    await conversations.in_states(STATES, at_most=9)
    await looked_at(engine, content=True)
    await newest(engine.store, engine.keys, at_most=9)
    await opened(engine.store, engine.keys, LetterId("e_dead"), at_most=9, content=True)

    assert await _everything(engine) == before


async def test_released_conversation_is_taken_from_its_holder(
    engine: Engine, conversations: Conversations
) -> None:
    await engine.accept(event(b"mail"))
    holder = await engine.begin()

    assert await conversations.release(CHAT) == "running"

    with pytest.raises(LeaseLost):
        await engine.endings.settle(holder)
    assert await engine.wakes_waiting() == 1
    successor = await engine.begin()
    assert (payload_of(successor), successor.attempt) == (b"mail", 1)
    assert successor.lease.fence > holder.lease.fence


async def test_released_conversation_need_not_wait_for_its_retry(
    engine: Engine, conversations: Conversations
) -> None:
    await engine.accept(event(b"mail"))
    await engine.endings.defer((await engine.begin()).lease, 600)

    assert await conversations.release(CHAT) == "deferred"

    again = await engine.begin()
    assert (payload_of(again), again.attempt) == (b"mail", 2)


async def test_who_waits_already_is_not_woken_twice(
    engine: Engine, conversations: Conversations
) -> None:
    await engine.accept(event())

    assert await conversations.release(CHAT) == "waiting"
    assert await conversations.release(OTHER) is None

    assert await engine.wakes_waiting() == 1


async def _everything(engine: Engine) -> dict[bytes, bytes]:
    return {key: await engine.redis.dump(key) for key in await engine.redis.keys()}
