"""Calls go as fast as the limits allow, and the important ones first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from shared.errors import FeishuRateLimited
from shared.feishu.call import Call, Priority
from shared.feishu.client import REPLY
from shared.feishu.gate import Gate
from shared.feishu.rates import Rates
from shared.settings import Limits
from shared.store.limiter import Limiter
from tests.eventually import soon

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.store.connection import Store
    from shared.store.keys import Keys

PATCH = "/open-apis/im/v1/messages/:message_id"


@pytest.fixture
def gate_of(store: Store, keys: Keys) -> Callable[[Limits], Gate]:
    return lambda limits: Gate(Limiter(store, keys), Rates(limits))


def reply(chat: str = "oc_1", priority: Priority = Priority.FINAL) -> Call:
    return Call("POST", REPLY, {"message_id": "om_1"}, chat=chat, priority=priority)


async def is_through(task: asyncio.Task[None]) -> bool:
    return task.done()


async def test_call_waits_until_there_is_room(gate_of: Callable[[Limits], Gate]) -> None:
    gate = gate_of(Limits(per_second=1))
    await gate.enter(reply("oc_1"))

    second = asyncio.create_task(gate.enter(reply("oc_2")))
    await asyncio.sleep(0.1)

    assert not second.done()
    await second


async def test_final_state_overtakes_what_waits_for_longer(
    gate_of: Callable[[Limits], Gate],
) -> None:
    gate, through = gate_of(Limits(per_second=10, per_chat=100)), []
    for _ in range(9):
        await gate.enter(reply(priority=Priority.SEND))

    async def enter(priority: Priority) -> None:
        await gate.enter(reply(priority=priority))
        through.append(priority)

    await asyncio.gather(*(enter(Priority.SEND) for _ in range(3)), enter(Priority.FINAL))

    assert through[0] is Priority.FINAL
    assert len(through) == 4


async def test_chat_that_is_full_holds_up_no_other_chat(
    gate_of: Callable[[Limits], Gate],
) -> None:
    gate = gate_of(Limits(per_chat=1))
    await gate.enter(reply("oc_full"))

    held = asyncio.create_task(gate.enter(reply("oc_full")))
    await asyncio.sleep(0.05)
    await gate.enter(reply("oc_other"))

    assert not held.done()
    await held


async def test_revision_that_may_not_be_made_is_left_out(
    gate_of: Callable[[Limits], Gate],
) -> None:
    gate = gate_of(Limits(per_message=1))
    call = Call("PATCH", PATCH, {"message_id": "om_1"}, priority=Priority.REVISION)
    await gate.enter(call)

    with pytest.raises(FeishuRateLimited, match="message om_1 is full") as caught:
        await gate.enter(call)

    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 1.1


async def test_caller_who_gives_up_holds_up_nobody(gate_of: Callable[[Limits], Gate]) -> None:
    gate = gate_of(Limits(per_second=1, per_chat=100))
    await gate.enter(reply())
    first, second = (asyncio.create_task(gate.enter(reply())) for _ in range(2))
    await asyncio.sleep(0.05)

    first.cancel()

    await soon(lambda: is_through(second))


async def test_refusal_of_a_chat_pauses_that_chat(gate_of: Callable[[Limits], Gate]) -> None:
    gate = gate_of(Limits())

    await gate.slowed(reply("oc_1"), FeishuRateLimited(code=230020))

    held = asyncio.create_task(gate.enter(reply("oc_1")))
    await gate.enter(reply("oc_2"))
    await asyncio.sleep(0.05)
    assert not held.done()
    await held


async def test_refusal_of_an_api_pauses_it_for_as_long_as_the_platform_says(
    gate_of: Callable[[Limits], Gate],
) -> None:
    gate, other = gate_of(Limits()), gate_of(Limits())  # of two processes

    await gate.slowed(reply(), FeishuRateLimited(code=99991400, limit=50, retry_after=3600.0))

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(other.enter(reply("oc_2")), 0.2)
    await other.enter(Call("PATCH", PATCH, {"message_id": "om_1"}))


async def test_refusal_that_names_a_cards_limit_pauses_that_card(
    gate_of: Callable[[Limits], Gate],
) -> None:
    gate = gate_of(Limits())
    one, other = (
        Call("PUT", "/open-apis/cardkit/v1/cards/:card_id", {"card_id": card}) for card in "12"
    )

    await gate.slowed(one, FeishuRateLimited(code=99991400, limit=10, retry_after=3600.0))

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(gate.enter(one), 0.2)
    await gate.enter(other)
