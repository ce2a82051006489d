from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from shared.errors import ModelRefused, ModelUnavailable
from shared.model.ids import LetterId, MessageId
from shared.model.outcome import Ignored, Replied
from shared.store.conversations import Conversations
from shared.store.history import History
from tests.eventually import PATIENCE, soon
from tests.integration.engine import CHAT, event
from workers.renewal import Renewal
from workers.turns import Turns

if TYPE_CHECKING:
    from shared.model.outcome import Outcome
    from tests.integration.engine import Engine
    from workers.turn import Turn

REPLIED = Replied(MessageId("om_answer"), (b"exchange",))


@dataclass
class Handler:
    """Does as it is told: returns, raises, or never ends."""

    does: Outcome | Exception | None
    handled: list[bytes] = field(default_factory=list)
    apologies: int = 0

    async def handle(self, turn: Turn) -> Outcome:
        self.handled += [mail.payload for mail in turn.mails]
        if self.does is None:
            await asyncio.Event().wait()
            raise AssertionError
        if isinstance(self.does, Exception):
            raise self.does
        return self.does

    async def apologise(self, _: Turn) -> None:
        self.apologies += 1


def turns(
    engine: Engine, handler: Handler, *, lease: float = 30.0, deadline: float = 30.0
) -> tuple[Turns, Renewal]:
    parts = engine.parts(lease=lease)
    renewal = Renewal(parts.leases, seconds=lease)
    turns = Turns(parts, renewal, handler, deadline=deadline, attempts=3)
    return turns, renewal


async def follow_wake(engine: Engine, handler: Handler, *, deadline: float = 30.0) -> str:
    await engine.redis.rpop(engine.queue.wakes)
    return await turns(engine, handler, deadline=deadline)[0].run(CHAT)


async def test_answered_mail_becomes_history(engine: Engine) -> None:
    await engine.accept(event(b"hello"))

    assert await follow_wake(engine, Handler(REPLIED)) == "replied"

    assert await History(engine.store, engine.keys, exchanges=9).read(CHAT) == [b"exchange"]
    assert await follow_wake(engine, Handler(REPLIED)) == "nothing"


async def test_ignored_mail_leaves_no_history(engine: Engine) -> None:
    await engine.accept(event())

    assert await follow_wake(engine, Handler(Ignored("not_addressed"))) == "ignored"

    assert await History(engine.store, engine.keys, exchanges=9).read(CHAT) == []


@pytest.mark.parametrize("fault", [ModelUnavailable("busy"), ZeroDivisionError()])
async def test_fault_that_may_pass_defers_without_an_apology(
    engine: Engine, fault: Exception
) -> None:
    await engine.accept(event())
    handler = Handler(fault)

    assert await follow_wake(engine, handler) == "deferred"

    assert await engine.redis.zscore(engine.queue.deferred, CHAT)
    assert handler.apologies == 0


async def test_fault_for_good_buries_the_mail_and_tells_the_user(engine: Engine) -> None:
    await engine.accept(event(b"poison", kind="one_by_one"), event(b"next"))
    handler = Handler(ModelRefused("not that"))

    assert await follow_wake(engine, handler) == "abandoned"

    (letter,) = await engine.redis.zrange(engine.keys.dead_letters, 0, -1)
    kept = await engine.redis.hgetall(engine.keys.dead_letter(LetterId(letter.decode())))
    assert b"not that" in kept[b"head"]
    assert kept[b"mail:1"].endswith(b"poison")
    assert handler.apologies == 1
    await follow_wake(engine, handler)
    assert handler.handled == [b"poison", b"next"]


async def test_entry_that_cannot_be_read_is_buried_and_the_next_one_answered(
    engine: Engine,
) -> None:
    await engine.accept(event(), event(b"next"))
    await engine.redis.lset(engine.keys.mailbox(CHAT), 0, b"\x00 not an entry")
    handler = Handler(REPLIED)

    assert await follow_wake(engine, handler) == "abandoned"
    assert await follow_wake(engine, handler) == "replied"

    assert handler.handled == [b"next"]


async def test_mail_that_takes_its_workers_down_is_given_up(engine: Engine) -> None:
    await engine.accept(event())
    for _ in range(3):
        await engine.begin(seconds=0.01)
        await soon(engine.sweep)
    handler = Handler(REPLIED)

    assert await follow_wake(engine, handler) == "abandoned"

    assert (handler.handled, handler.apologies) == ([], 1)


async def test_attempt_that_takes_too_long_is_deferred(engine: Engine) -> None:
    await engine.accept(event())

    assert await follow_wake(engine, Handler(None), deadline=0.05) == "deferred"


async def test_turn_whose_lease_is_lost_is_stopped_and_writes_nothing(engine: Engine) -> None:
    await engine.accept(event())
    handler = Handler(None)
    runner, renewal = turns(engine, handler, lease=0.3)
    renewing = asyncio.create_task(renewal.run())
    turn = asyncio.create_task(runner.run(CHAT))
    await soon(lambda: _handling(handler))

    await engine.redis.hset(engine.queue.leases, CHAT, 999)

    assert await asyncio.wait_for(turn, PATIENCE) == "lease lost"
    assert await engine.redis.llen(engine.keys.mailbox(CHAT)) == 1
    renewing.cancel()


async def test_turn_that_was_taken_away_costs_its_successor_here_nothing(engine: Engine) -> None:
    """Both are of one conversation and in one process: only the first one's lease is lost."""
    await engine.accept(event())
    handler = Handler(None)
    runner, renewal = turns(engine, handler, lease=0.3)
    renewing = asyncio.create_task(renewal.run())
    taken = asyncio.create_task(runner.run(CHAT))
    await soon(lambda: _handling(handler))

    await Conversations(engine.store, engine.keys).release(CHAT)
    successor = asyncio.create_task(runner.run(CHAT))

    assert await asyncio.wait_for(taken, PATIENCE) == "lease lost"
    await soon(lambda: _renewed(engine, successor))
    renewing.cancel()
    successor.cancel()
    assert await successor == "released"


async def test_lease_outlives_its_length_while_the_turn_runs(engine: Engine) -> None:
    await engine.accept(event())
    handler = Handler(None)
    runner, renewal = turns(engine, handler, lease=0.3)
    renewing = asyncio.create_task(renewal.run())
    turn = asyncio.create_task(runner.run(CHAT))
    await soon(lambda: _handling(handler))
    begun = await engine.redis.zscore(engine.queue.running, CHAT)

    async def renewed_past_its_length() -> bool:
        assert await engine.sweep() == []
        return bool(await engine.redis.zscore(engine.queue.running, CHAT) > begun + 600)

    await soon(renewed_past_its_length)
    renewing.cancel()
    turn.cancel()
    assert await turn == "released"


async def test_stopped_turn_is_handed_over_at_once(engine: Engine) -> None:
    await engine.accept(event(b"hello"))
    handler = Handler(None)
    turn = asyncio.create_task(follow_wake(engine, handler))
    await soon(lambda: _handling(handler))

    turn.cancel()

    assert await turn == "released"
    again = await engine.begin()
    assert again.attempt == 1


async def _renewed(engine: Engine, turn: asyncio.Task[str]) -> bool:
    """Whether a lease was renewed since a turn had it, and the turn goes on."""
    assert not turn.done()
    expiry = await engine.redis.zscore(engine.queue.running, CHAT)
    await asyncio.sleep(0.3)
    later = await engine.redis.zscore(engine.queue.running, CHAT)
    return bool(expiry and later and later > expiry)


async def _handling(handler: Handler) -> bool:
    return bool(handler.handled)
