from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any, cast

import pytest
from redis import Redis

from shared.model.ids import ConversationId
from shared.model.queue import task_of
from tests.integration.engine import event
from workers import app as worker

if TYPE_CHECKING:
    from shared.store.keys import Keys
    from tests.integration.engine import Engine

CHAT = ConversationId("oc_1:omt_2")


@pytest.fixture
def written_by_celery(clean: str, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What a worker's own `apply_async` puts into a real Redis."""
    monkeypatch.setenv("FEISHU_APP_ID", keys.app_id)
    monkeypatch.setenv("REDIS_URL", clean)
    worker.turn.apply_async((CHAT,))
    with Redis.from_url(clean) as redis:
        wakes = cast("list[bytes]", redis.lrange(keys.queue("turns").wakes, 0, -1))
        redis.delete(keys.queue("turns").wakes)
    worker.app.close()
    return wakes.pop()


async def test_wake_is_byte_for_byte_what_celery_writes(
    written_by_celery: bytes, engine: Engine
) -> None:
    theirs = json.loads(written_by_celery)

    ours, *_ = await _pushed(engine, [CHAT])

    # `reply_to` is the id of the producing thread; nobody replies to a task without a result.
    for name in ("delivery_tag", "reply_to"):
        their, our = (
            f'"{name}": "{wake["properties"][name]}"' for wake in (theirs, json.loads(ours))
        )
        ours = ours.replace(our.encode(), their.encode())
    their, our = (wake["headers"]["id"] for wake in (theirs, json.loads(ours)))
    ours = ours.replace(our.encode(), their.encode())
    assert ours == written_by_celery


@pytest.mark.parametrize(
    ("conversation", "task"),
    [
        ("oc_1", "turn"),
        ("oc_1:omt_2", "turn"),
        ("event:77da0fa2", "event"),
        ("approval:7301", "event approval"),
        ("presses:oc_1", "event press"),
        ("send:ou_1", "event send"),
        ("schedule:weekly", "event schedule"),
    ],
)
async def test_task_of_a_wake_tells_its_kind_and_no_id(
    conversation: str, task: str, engine: Engine
) -> None:
    name = ConversationId(conversation)
    await engine.accept(event(conversation=name))

    wakes: Any = await engine.redis.lrange(engine.keys.queue_of(name).wakes, 0, -1)

    assert [json.loads(wake)["headers"]["task"] for wake in wakes] == [task]
    assert task_of(name) == task
    assert task in worker.app.tasks


async def test_every_wake_has_ids_of_its_own(engine: Engine) -> None:
    names = [ConversationId(f"oc_{number}") for number in range(100)]

    pushed = [json.loads(wake) for wake in await _pushed(engine, names)]

    assert len({wake["headers"]["id"] for wake in pushed}) == 100
    assert len({wake["properties"]["delivery_tag"] for wake in pushed}) == 100


async def test_id_of_a_wake_is_a_uuid7_of_this_moment(engine: Engine) -> None:
    (wake,) = await _pushed(engine, [CHAT])

    made = uuid.UUID(json.loads(wake)["headers"]["id"])

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) / 1000 - time.time()) < 60


async def _pushed(engine: Engine, conversations: list[ConversationId]) -> list[bytes]:
    """Have conversations woken by an event each; return their wakes as they lie in the queue."""
    await engine.accept(*(event(conversation=name) for name in conversations))
    redis: Any = engine.redis
    return cast("list[bytes]", await redis.lrange(engine.queue.wakes, 0, -1))
