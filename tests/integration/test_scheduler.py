"""What is due, on a clock that the test sets."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from celery import Celery

from cli.ports import free_port
from shared.errors import StoreUnavailable
from shared.model.ids import ConversationId
from shared.store.baton import Baton
from shared.store.connection import connected
from shared.store.filing import Filing
from shared.store.last_runs import LastRuns
from shared.store.mailbox import decode
from workers.pulse import Pulse
from workers.scheduler import Scheduler, Shared
from workers.schedules import Cron, Every

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.mailbox import Verdict
    from tests.integration.engine import Engine
    from workers.schedules import Schedule

MORNING = datetime(2026, 11, 27, 8, tzinfo=UTC).timestamp()
HOUR = 3600.0
DAY = 24 * HOUR


class Beats:
    """Beats of one app, their schedules and their clock."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self.store = store
        self.keys = keys
        self.now = MORNING
        digest = Cron("0", "9", nowfun=self._clock)
        digest.tz = UTC
        self.schedules: dict[str, Schedule] = {"digest": digest}

    def _clock(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    async def beat(self) -> Scheduler:
        """Return a beat that has just been started."""
        loop = asyncio.get_running_loop()

        def run(work: Coroutine[Any, Any, Any]) -> Any:
            return asyncio.run_coroutine_threadsafe(work, loop).result()

        shared = Shared(
            Baton(self.store, self.keys, seconds=60),
            LastRuns(self.store, self.keys),
            Filing(self.store, self.keys),
            run,
        )
        return await asyncio.to_thread(
            lambda: Scheduler(shared, self.schedules, Pulse(), app=Celery(set_as_current=False))
        )

    async def at(self, moment: float, beat: Scheduler) -> float:
        """Let a beat do all that it has to do at a moment; return for how long it waits then."""
        self.now = moment
        while not (seconds := await asyncio.to_thread(beat.tick)):
            pass
        return seconds


@pytest.fixture
def beats(store: Store, keys: Keys) -> Beats:
    return Beats(store, keys)


async def filed(engine: Engine, schedule: str = "digest") -> list[str]:
    """Return the ids of what is in the line of a schedule."""
    mailbox = engine.keys.mailbox(ConversationId(f"schedule:{schedule}"))
    return [decode(entry).event_id for entry in await engine.redis.lrange(mailbox, 0, -1)]


async def test_schedule_is_filed_when_it_is_due_and_not_before(
    engine: Engine, beats: Beats
) -> None:
    beat = await beats.beat()
    await beats.at(MORNING, beat)
    await beats.at(MORNING + HOUR - 1, beat)
    assert await filed(engine) == []

    await beats.at(MORNING + HOUR, beat)

    assert await filed(engine) == ["digest@2026-11-27T09:00:00Z"]
    assert await engine.redis.llen(engine.keys.queue("events").wakes) == 1


async def test_what_is_filed_says_what_was_due_when(engine: Engine, beats: Beats) -> None:
    beat = await beats.beat()
    await beats.at(MORNING, beat)

    await beats.at(MORNING + HOUR + 7, beat)

    mailbox = engine.keys.mailbox(ConversationId("schedule:digest"))
    mail = decode(await engine.redis.lindex(mailbox, 0))
    assert mail.event_type == "larkspur.schedule"
    assert orjson.loads(mail.payload)["event"] == {"name": "digest", "at": MORNING + HOUR}


async def test_what_was_missed_is_caught_up_once(engine: Engine, beats: Beats) -> None:
    await beats.at(MORNING, await beats.beat())
    later = await beats.beat()
    await engine.redis.delete(engine.keys.beat)

    await beats.at(MORNING + 3 * DAY, later)
    await beats.at(MORNING + 3 * DAY + HOUR, later)

    assert await filed(engine) == ["digest@2026-11-27T09:00:00Z", "digest@2026-11-30T09:00:00Z"]


async def test_beat_that_died_before_it_noted_a_run_files_nothing_twice(
    engine: Engine, beats: Beats
) -> None:
    beat = await beats.beat()
    await beats.at(MORNING, beat)
    before = await engine.redis.hgetall(engine.keys.schedules)
    await beats.at(MORNING + HOUR, beat)
    await engine.redis.hset(engine.keys.schedules, mapping=before)
    await engine.redis.delete(engine.keys.beat)

    await beats.at(MORNING + HOUR + 5, await beats.beat())

    assert await filed(engine) == ["digest@2026-11-27T09:00:00Z"]


async def test_one_beats_and_another_stands_by_until_it_ends(engine: Engine, beats: Beats) -> None:
    first, second = await beats.beat(), await beats.beat()
    await beats.at(MORNING, first)

    await beats.at(MORNING + HOUR, second)
    assert await filed(engine) == []

    await asyncio.to_thread(first.close)
    await beats.at(MORNING + HOUR, second)
    assert await filed(engine) == ["digest@2026-11-27T09:00:00Z"]


async def test_beat_that_stands_by_takes_nothing_with_it_when_it_ends(beats: Beats) -> None:
    first, second = await beats.beat(), await beats.beat()
    await beats.at(MORNING, first)
    await beats.at(MORNING, second)

    await asyncio.to_thread(second.close)

    assert await Baton(beats.store, beats.keys, seconds=1).take() == (False, False)


async def test_interval_is_filed_at_every_multiple(engine: Engine, beats: Beats) -> None:
    beats.schedules = {"pulse": Every(300.0, nowfun=beats._clock)}
    beat = await beats.beat()

    for seconds in range(0, 900, 60):
        await beats.at(MORNING + 10 + seconds, beat)

    assert await filed(engine, "pulse") == [
        f"pulse@2026-11-27T08:{minute:02}:00Z" for minute in (5, 10)
    ]


async def test_schedule_that_is_no_more_is_forgotten(engine: Engine, beats: Beats) -> None:
    await engine.redis.hset(engine.keys.schedules, "old", "1.0")

    await beats.at(MORNING, await beats.beat())

    assert await engine.redis.hkeys(engine.keys.schedules) == [b"digest"]


async def test_redis_that_is_away_is_waited_for(keys: Keys) -> None:
    async with connected(f"redis://127.0.0.1:{free_port()}/0", timeout=1.0) as store:
        beats = Beats(store, keys)

        assert await beats.at(MORNING, await beats.beat()) == 1.0


async def test_run_that_redis_did_not_take_is_filed_when_it_does(
    engine: Engine, beats: Beats
) -> None:
    beat = await beats.beat()
    await beats.at(MORNING, beat)
    shared = beat._shared
    beat._shared = replace(shared, filing=Refusing(beats.store, beats.keys))
    await beats.at(MORNING + HOUR, beat)
    beat._shared = shared

    await beats.at(MORNING + HOUR + 1, beat)

    assert await filed(engine) == ["digest@2026-11-27T09:00:00Z"]


class Refusing(Filing):
    async def file(self, *_: object) -> Verdict:
        raise StoreUnavailable
