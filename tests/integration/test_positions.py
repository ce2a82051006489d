from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shared.errors import LeaseLost
from shared.model.draft import Draft
from shared.model.ids import CardId, ConversationId, MessageId
from shared.store.drafts import Drafts
from shared.store.mailbox import Mailboxes
from shared.store.positions import Positions
from tests.eventually import soon
from tests.integration.engine import CHAT, accepted, event

if TYPE_CHECKING:
    from tests.integration.engine import Engine

QUESTION = MessageId("om_question")
CARD = Draft((CardId("card"),))


@pytest.fixture
def positions(engine: Engine) -> Positions:
    return Positions(engine.store, engine.keys)


async def test_who_waits_for_long_is_told_once_how_many_are_ahead(
    engine: Engine, positions: Positions
) -> None:
    names = [ConversationId(f"oc_{number}") for number in range(3)]
    await engine.accept(*(event(conversation=name) for name in names))

    overdue = await soon(lambda: positions.overdue(0.01, mail=9))

    assert [one.conversation for one in overdue] == names
    assert [one.ahead for one in overdue] == [0, 1, 2]
    assert all(len(one.entries) == 1 for one in overdue)
    assert await positions.overdue(0.01, mail=9) == []


async def test_who_comes_within_the_same_millisecond_is_behind(engine: Engine) -> None:
    names = [f"oc_{number}" for number in range(99, 9, -1)]
    mailboxes = Mailboxes(engine.store.line(), engine.keys)
    for name in names:
        await accepted(mailboxes, event(conversation=ConversationId(name)))

    waking = await engine.redis.zrange(engine.queue.waking, 0, -1)

    assert [name.decode() for name in waking] == names


async def test_who_waits_again_after_a_turn_is_told_again(
    engine: Engine, positions: Positions
) -> None:
    await engine.accept(event())
    await soon(lambda: positions.overdue(0.01, mail=9))

    await engine.endings.release((await engine.begin()).lease)

    assert await soon(lambda: positions.overdue(0.01, mail=9))


async def test_who_has_just_come_is_not_told(engine: Engine, positions: Positions) -> None:
    await engine.accept(event())

    assert await positions.overdue(60, mail=9) == []


async def test_turn_goes_on_with_the_draft_that_was_reserved_for_it(
    engine: Engine, positions: Positions
) -> None:
    await engine.accept(event())

    await positions.reserve(CHAT, CARD, question=QUESTION)

    lease = (await engine.begin()).lease
    adopted = await Drafts(engine.store, engine.keys).adopt(lease, QUESTION)
    assert adopted == replace(CARD, generation=1)


async def test_nothing_is_reserved_once_the_turn_has_begun(
    engine: Engine, positions: Positions
) -> None:
    await engine.accept(event())
    lease = (await engine.begin()).lease

    with pytest.raises(LeaseLost):
        await positions.reserve(CHAT, CARD, question=QUESTION)

    assert await Drafts(engine.store, engine.keys).adopt(lease, QUESTION) == Draft()
