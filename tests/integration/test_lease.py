from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.errors import LeaseLost
from shared.store.history import History
from tests.eventually import soon
from tests.integration.engine import CHAT, event, payload_of

if TYPE_CHECKING:
    from tests.integration.engine import Engine


async def test_live_lease_refuses_a_second_holder(engine: Engine) -> None:
    await engine.accept(event())
    await engine.begin()

    assert await engine.leases().begin(CHAT) is None


async def test_wake_without_mail_begins_nothing(engine: Engine) -> None:
    assert await engine.leases().begin(CHAT) is None


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
    leases = engine.leases()

    for write in (
        leases.settle(stale.lease, exchange=b"exchange", dead=b"dead"),
        leases.defer(stale.lease, 0),
        leases.release(stale.lease),
    ):
        with pytest.raises(LeaseLost):
            await write

    assert await leases.renew([stale.lease]) == {CHAT}
    assert payload_of(await engine.begin()) == b"mail"
    assert not await engine.redis.exists(engine.keys.history(CHAT), engine.keys.dead_letters)


async def test_renewed_lease_does_not_expire(engine: Engine) -> None:
    await engine.accept(event())
    begun = await engine.begin(seconds=0.2)

    assert await engine.leases().renew([begun.lease]) == set()

    expiry = await engine.redis.zscore(engine.keys.running, CHAT)
    seconds, _ = await engine.redis.time()
    assert expiry is not None
    assert expiry / 1000 > seconds + 20


async def test_settled_conversation_leaves_nothing_but_its_history(engine: Engine) -> None:
    await engine.accept(event())
    begun = await engine.begin()

    await engine.leases().settle(begun.lease, exchange=b"exchange")

    left = {key.decode().removeprefix(engine.keys.prefix) for key in await engine.redis.keys()}
    assert {name for name in left if "dedup" not in name} == {
        "history:oc_1",
        "turns:fence",
        "turns:woken",
    }


async def test_settling_wakes_a_conversation_that_has_more_mail(engine: Engine) -> None:
    await engine.accept(event(b"first"), event(b"second"))
    begun = await engine.begin()

    await engine.leases().settle(begun.lease)

    assert await engine.wakes_waiting() == 1
    assert payload_of(await engine.begin()) == b"second"


async def test_history_keeps_the_last_exchanges_in_order(engine: Engine) -> None:
    for number in range(5):
        await engine.accept(event())
        begun = await engine.begin()
        await engine.leases().settle(begun.lease, exchange=b"%d" % number)

    history = await History(engine.store, engine.keys, exchanges=3).read(CHAT)

    assert history == [b"2", b"3", b"4"]
    assert 0 < await engine.redis.ttl(engine.keys.history(CHAT)) <= 60


async def test_deferred_mail_comes_again_when_its_time_is_up(engine: Engine) -> None:
    await engine.accept(event(b"mail"))
    begun = await engine.begin()

    await engine.leases().defer(begun.lease, 0.05)

    assert await engine.leases().begin(CHAT) is None
    assert await soon(engine.sweep) == [CHAT]
    again = await engine.begin()
    assert (payload_of(again), again.attempt) == (b"mail", 2)


async def test_released_mail_comes_again_at_once_as_the_same_attempt(engine: Engine) -> None:
    await engine.accept(event(b"mail"))
    begun = await engine.begin()

    await engine.leases().release(begun.lease)

    assert await engine.wakes_waiting() == 1
    again = await engine.begin()
    assert (payload_of(again), again.attempt) == (b"mail", 1)


async def test_abandoned_mail_is_kept_and_the_conversation_goes_on(engine: Engine) -> None:
    await engine.accept(event(), event(b"next"))
    begun = await engine.begin()

    await engine.leases().settle(begun.lease, dead=b"dead letter")

    assert await engine.redis.lrange(engine.keys.dead_letters, 0, -1) == [b"dead letter"]
    next_one = await engine.begin()
    assert (payload_of(next_one), next_one.attempt) == (b"next", 1)
