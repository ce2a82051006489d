from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shared.errors import LeaseLost
from shared.model.draft import Draft
from shared.model.ids import CardId, ConversationId, LetterId, MessageId
from shared.store.dead_letters import DeadLetters
from shared.store.drafts import Drafts
from shared.store.history import History
from shared.store.ledger import Ledger
from shared.store.notices import Notice, Notices
from tests.eventually import soon
from tests.integration.engine import CHAT, MESSAGE, event, payload_of, payloads_of

if TYPE_CHECKING:
    from shared.store.lease import Begun, Lease
    from tests.integration.engine import Engine

QUESTION = MessageId("om_asked")


async def test_live_lease_refuses_a_second_holder(engine: Engine) -> None:
    await engine.accept(event())
    await engine.begin()

    assert await engine.leases().begin(CHAT, at_most=1) is None


async def test_wake_without_mail_begins_nothing(engine: Engine) -> None:
    assert await engine.leases().begin(CHAT, at_most=1) is None


async def test_expired_lease_passes_on_with_a_higher_fence(engine: Engine) -> None:
    await engine.accept(event())
    stale = await engine.begin(seconds=0.01)

    await soon(engine.sweep)
    taken = await engine.begin()

    assert taken.lease.fence > stale.lease.fence
    assert taken.attempt == 2


async def test_stale_holder_can_write_nothing(engine: Engine) -> None:
    await engine.accept(event(b"mail"))
    stale = await engine.begin(seconds=0.01)
    await soon(engine.sweep)
    endings, draft = engine.endings, Draft(answer=b"answer")

    for write in (
        endings.settle(stale, exchanges=[b"exchange"], dead="dead"),
        endings.defer(stale.lease, 0),
        endings.release(stale.lease),
        Drafts(engine.store, engine.keys).adopt(stale.lease, QUESTION),
        Drafts(engine.store, engine.keys).keep(stale.lease, draft, question=QUESTION),
        Ledger(engine.store, engine.keys).find(stale.lease, "key"),
    ):
        with pytest.raises(LeaseLost):
            await write

    assert await engine.leases().renew([stale.lease]) == {stale.lease.fence}
    assert payload_of(await engine.begin()) == b"mail"
    assert not await engine.redis.exists(engine.keys.history(CHAT), engine.keys.dead_letters)


async def test_renewed_lease_does_not_expire(engine: Engine) -> None:
    await engine.accept(event())
    begun = await engine.begin(seconds=0.2)

    assert await engine.leases().renew([begun.lease]) == set()

    expiry = await engine.redis.zscore(engine.queue.running, CHAT)
    seconds, _ = await engine.redis.time()
    assert expiry is not None
    assert expiry / 1000 > seconds + 20


async def test_settled_conversation_leaves_nothing_but_its_history(engine: Engine) -> None:
    await engine.accept(event())
    begun = await engine.begin()

    await engine.endings.settle(begun, exchanges=[b"exchange"])

    left = {key.decode().removeprefix(engine.keys.prefix) for key in await engine.redis.keys()}
    assert {name for name in left if "dedup" not in name} == {
        "history:oc_1",
        "fence",
        "woken",
    }


async def test_settling_wakes_a_conversation_that_has_more_mail(engine: Engine) -> None:
    await engine.accept(event(b"first"), event(b"second"))
    begun = await engine.begin()

    await engine.endings.settle(begun)

    assert await engine.wakes_waiting() == 1
    assert payload_of(await engine.begin()) == b"second"


async def test_history_keeps_the_last_exchanges_in_order(engine: Engine) -> None:
    for number in range(5):
        await engine.accept(event())
        begun = await engine.begin()
        await engine.endings.settle(begun, exchanges=[b"%d" % number])

    history = await History(engine.store, engine.keys, exchanges=3).read(CHAT)

    assert history == [b"2", b"3", b"4"]
    assert 0 < await engine.redis.ttl(engine.keys.history(CHAT)) <= 60


async def test_deferred_mail_comes_again_when_its_time_is_up(engine: Engine) -> None:
    await engine.accept(event(b"mail"))
    begun = await engine.begin()

    await engine.endings.defer(begun.lease, 0.05)

    assert await engine.leases().begin(CHAT, at_most=1) is None
    assert await soon(engine.sweep) == [CHAT]
    again = await engine.begin()
    assert (payload_of(again), again.attempt) == (b"mail", 2)


async def test_released_mail_comes_again_at_once_as_the_same_attempt(engine: Engine) -> None:
    await engine.accept(event(b"mail"))
    begun = await engine.begin()

    await engine.endings.release(begun.lease)

    assert await engine.wakes_waiting() == 1
    again = await engine.begin()
    assert (payload_of(again), again.attempt) == (b"mail", 1)


async def test_abandoned_mail_is_kept_and_the_conversation_goes_on(engine: Engine) -> None:
    await engine.accept(event(b"dead", event_id="e_dead"), event(b"next"))
    begun = await engine.begin()

    await engine.endings.settle(begun, dead="poison")

    kept = await engine.redis.hgetall(engine.keys.dead_letter(LetterId("e_dead")))
    assert json.loads(kept.pop(b"head"))["reason"] == "poison"
    assert kept == {b"mail:1": begun.entries[0]}
    assert await engine.redis.zrange(engine.keys.dead_letters, 0, -1) == [b"e_dead"]
    next_one = await engine.begin()
    assert (payload_of(next_one), next_one.attempt) == (b"next", 1)


async def test_replayed_mail_comes_again_and_its_letter_is_gone(engine: Engine) -> None:
    await engine.accept(event(b"first", event_id="e_dead"), event(b"second"))
    await engine.endings.settle(await engine.begin(at_most=9), dead="poison")
    letters = DeadLetters(engine.store, engine.keys)

    assert await letters.replay(LetterId("e_dead")) == 2

    assert await letters.replay(LetterId("e_dead")) == 0
    again = await engine.begin(at_most=9)
    assert (payloads_of(again), again.attempt) == ([b"first", b"second"], 1)
    assert not await engine.redis.exists(engine.keys.dead_letters)


async def test_messages_in_a_row_are_taken_together(engine: Engine) -> None:
    await engine.accept(event(b"1"), event(b"2"), event(b"3"))

    assert payloads_of(await engine.begin(at_most=2)) == [b"1", b"2"]


async def test_other_kind_of_event_is_taken_by_itself(engine: Engine) -> None:
    kinds = (("1", MESSAGE), ("2", "im.message.recalled_v1"), ("3", "im.message.recalled_v1"))
    await engine.accept(*(event(name.encode(), kind=kind) for name, kind in kinds))
    taken = []

    for _ in kinds:
        begun = await engine.begin(at_most=9)
        taken.append(payloads_of(begun))
        await engine.endings.settle(begun)

    assert taken == [[b"1"], [b"2"], [b"3"]]


async def test_turn_that_is_tried_again_takes_what_it_took(engine: Engine) -> None:
    await engine.accept(event(b"1"), event(b"2"))
    begun = await engine.begin(at_most=9)
    await engine.accept(event(b"3"))
    await engine.endings.release(begun.lease)

    again = await engine.begin(at_most=9)

    assert payloads_of(again) == [b"1", b"2"]
    await engine.endings.settle(again)
    assert payloads_of(await engine.begin(at_most=9)) == [b"3"]


async def test_turn_may_be_done_with_a_part_of_what_it_took(engine: Engine) -> None:
    await engine.accept(event(b"1"), event(b"2"), event(b"3"))

    await engine.endings.settle(await engine.begin(at_most=9), done=2)

    again = await engine.begin(at_most=9)
    assert (payloads_of(again), again.attempt) == ([b"3"], 1)


async def test_draft_goes_from_turn_to_turn_until_one_settles(engine: Engine) -> None:
    await engine.accept(event(b"1"), event(b"2"))
    drafts, draft = Drafts(engine.store, engine.keys), Draft((CardId("card"),), answer=b"answer")
    begun = await engine.begin()
    assert await drafts.adopt(begun.lease, QUESTION) == Draft()
    await drafts.keep(begun.lease, draft, question=QUESTION)
    await engine.endings.release(begun.lease)

    again = await engine.begin()

    assert await drafts.adopt(again.lease, QUESTION) == replace(draft, generation=1)
    await engine.endings.settle(again)
    assert await drafts.adopt((await engine.begin()).lease, QUESTION) == Draft()


async def test_draft_outlives_the_turn_that_gives_up(engine: Engine) -> None:
    await engine.accept(event(b"1"), event(b"2"))
    drafts, draft = Drafts(engine.store, engine.keys), Draft((CardId("card"),))
    begun = await engine.begin()
    await drafts.adopt(begun.lease, QUESTION)
    await drafts.keep(begun.lease, draft, question=QUESTION)

    await engine.endings.settle(begun, dead="poison")

    again = await engine.begin()
    assert await drafts.adopt(again.lease, QUESTION) == replace(draft, generation=1)
    assert await engine.redis.ttl(engine.keys.draft(QUESTION)) > 24 * 3600


async def test_ledger_tells_what_was_sent_under_a_key(engine: Engine) -> None:
    await engine.accept(event())
    lease = (await engine.begin()).lease
    ledger = Ledger(engine.store, engine.keys)

    assert await ledger.find(lease, "key") is None
    await ledger.enter("key", MessageId("om_sent"))

    assert await ledger.find(lease, "key") == "om_sent"
    assert await engine.redis.ttl(engine.keys.sent("key")) > 24 * 3600


async def test_turn_is_stopped_by_whoever_names_its_question(engine: Engine) -> None:
    await engine.accept(event())
    begun = await engine.begin()
    notices = Notices(engine.store, engine.keys)
    await Drafts(engine.store, engine.keys).adopt(begun.lease, QUESTION)

    assert not await notices.stop(CHAT, MessageId("om_other"))
    assert await notices.look([begun.lease]) == [Notice(stop=False, mail=1)]
    assert await notices.stop(CHAT, QUESTION)

    assert await notices.look([begun.lease]) == [Notice(stop=True, mail=1)]


async def test_next_turn_is_not_stopped_for_the_one_before(engine: Engine) -> None:
    await engine.accept(event())
    begun = await engine.begin()
    notices = Notices(engine.store, engine.keys)
    await Drafts(engine.store, engine.keys).adopt(begun.lease, QUESTION)
    await notices.stop(CHAT, QUESTION)
    await engine.endings.release(begun.lease)

    again = await engine.begin()

    assert await notices.look([again.lease]) == [Notice(stop=False, mail=1)]


async def test_events_of_no_chat_have_a_queue_of_their_own(engine: Engine) -> None:
    approval = ConversationId("approval:1")
    await engine.accept(event(b"approved", conversation=approval), event(b"said"))

    assert await engine.redis.llen(engine.keys.queue("events").wakes) == 1
    assert await engine.wakes_waiting() == 1
    leases = [(await engine.begin(name)).lease for name in (approval, CHAT)]
    assert await engine.leases().renew(leases) == set()
    await engine.endings.settle(await _again(engine, leases[0]))
    assert await engine.leases().renew(leases) == {leases[0].fence}


async def _again(engine: Engine, lease: Lease) -> Begun:
    await engine.endings.release(lease)
    return await engine.begin(lease.conversation)


async def test_fence_grows_though_redis_has_forgotten_the_last_one(engine: Engine) -> None:
    await engine.accept(event())
    before = await engine.begin()
    await engine.redis.delete(engine.keys.fence)
    await engine.endings.release(before.lease)

    after = await engine.begin()

    assert after.lease.fence > before.lease.fence
    with pytest.raises(LeaseLost):
        await engine.endings.settle(before)
