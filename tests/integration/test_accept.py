from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.ports import free_port
from shared.errors import MalformedEvent, StoreUnavailable
from shared.model.ids import ConversationId
from shared.store.connection import connected
from shared.store.mailbox import Mailboxes, Verdict, decode
from tests.integration.engine import CHAT, event, payload_of

if TYPE_CHECKING:
    from shared.store.keys import Keys
    from tests.integration.engine import Engine

ACCEPTED, DUPLICATE = Verdict.ACCEPTED, Verdict.DUPLICATE


async def test_new_event_is_filed_and_its_conversation_woken(engine: Engine) -> None:
    assert await engine.accept(event(b"hello")) == [ACCEPTED]

    assert await engine.wakes_waiting() == 1
    assert payload_of(await engine.begin()) == b"hello"


@pytest.mark.parametrize("message_id", ["om_a", None])
async def test_event_that_comes_again_is_a_duplicate(
    engine: Engine, message_id: str | None
) -> None:
    again = event(event_id="e", message_id=message_id)
    await engine.accept(again)

    assert await engine.accept(again) == [DUPLICATE]


async def test_event_whose_mailbox_is_no_list_is_not_filed_and_may_come_again(
    engine: Engine,
) -> None:
    strange, other = event(), event(conversation=ConversationId("oc_other"))
    await engine.redis.set(engine.keys.mailbox(CHAT), "no list")

    assert await engine.accept(strange, other) == [Verdict.NOT_FILED, ACCEPTED]

    await engine.redis.delete(engine.keys.mailbox(CHAT))
    assert await engine.accept(strange, other) == [ACCEPTED, DUPLICATE]


async def test_same_message_under_a_new_event_id_is_a_duplicate(engine: Engine) -> None:
    await engine.accept(event(event_id="e1", message_id="om_same"))

    assert await engine.accept(event(event_id="e2", message_id="om_same")) == [DUPLICATE]


async def test_event_id_of_one_event_is_not_the_message_id_of_another(engine: Engine) -> None:
    await engine.accept(event(event_id="same", message_id="om_x"))

    assert await engine.accept(event(event_id="e", message_id="same")) == [ACCEPTED]


async def test_duplicate_within_a_batch_is_found(engine: Engine) -> None:
    twice = event()

    assert await engine.accept(twice, event(), twice) == [ACCEPTED, ACCEPTED, DUPLICATE]
    assert await engine.redis.llen(engine.keys.mailbox(CHAT)) == 2


async def test_duplicate_wakes_nobody(engine: Engine) -> None:
    once = event()
    await engine.accept(once)

    await engine.accept(once)

    assert await engine.wakes_waiting() == 1


async def test_conversation_has_one_wake_however_much_mail(engine: Engine) -> None:
    await engine.accept(*(event() for _ in range(50)))
    await engine.accept(event(), event(conversation=ConversationId("oc_2")))

    assert await engine.wakes_waiting() == 2


async def test_mail_for_a_running_conversation_pushes_no_wake(engine: Engine) -> None:
    await engine.accept(event())
    await engine.begin()

    await engine.accept(event())

    assert await engine.wakes_waiting() == 0


async def test_what_was_accepted_yesterday_is_still_known(engine: Engine) -> None:
    known = event()
    await engine.accept(known)
    for today in await engine.redis.keys(f"{engine.keys.dedup}*"):
        day, _, bucket = today.decode().removeprefix(engine.keys.dedup).partition(":")
        await engine.redis.rename(today, f"{engine.keys.dedup}{int(day) - 1}:{bucket}")

    assert await engine.accept(known) == [DUPLICATE]


async def test_memory_of_events_expires(engine: Engine) -> None:
    await engine.accept(event())

    for bucket in await engine.redis.keys(f"{engine.keys.dedup}*"):
        assert 24 * 3600 < await engine.redis.ttl(bucket) <= 48 * 3600


async def test_event_is_remembered_in_sets_of_eight_byte_numbers(engine: Engine) -> None:
    await engine.accept(*(event() for _ in range(100)))

    buckets = await engine.redis.keys(f"{engine.keys.dedup}*")

    assert {await engine.redis.object("encoding", bucket) for bucket in buckets} == {b"intset"}


async def test_redis_that_is_away_is_said_in_our_words(keys: Keys) -> None:
    async with connected(f"redis://127.0.0.1:{free_port()}/0", timeout=1.0) as store:
        with pytest.raises(StoreUnavailable):
            await Mailboxes(store.line(), keys).send([])


@pytest.mark.parametrize(
    "entry", [b"", b"not json\n{}", b"{}\n{}", b"[]\n", b'{"v": 1}\n{}', b'{"v": "1"}\n']
)
def test_entry_that_cannot_be_read_is_malformed(entry: bytes) -> None:
    with pytest.raises(MalformedEvent):
        decode(entry)
