from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, cast

import pytest
from redis import Redis

from shared.model.ids import ConversationId
from shared.store.wake import Wakes, uuid7
from workers import app as worker

if TYPE_CHECKING:
    from shared.store.keys import Keys

CHAT = ConversationId("oc_1:omt_2")


@pytest.fixture
def written_by_celery(clean: str, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What a worker's own `apply_async` puts into a real Redis."""
    monkeypatch.setenv("FEISHU_APP_ID", keys.app_id)
    monkeypatch.setenv("REDIS_URL", clean)
    worker.turn.apply_async((CHAT,), task_id=uuid7())
    with Redis.from_url(clean) as redis:
        wakes = cast("list[bytes]", redis.lrange(keys.turns, 0, -1))
    worker.app.close()
    return wakes.pop()


def test_wake_is_byte_for_byte_what_celery_writes(written_by_celery: bytes, wakes: Wakes) -> None:
    theirs = json.loads(written_by_celery)
    ids = {"task_id": theirs["headers"]["id"], "tag": theirs["properties"]["delivery_tag"]}

    built = wakes.build(CHAT, **ids)

    # `reply_to` is the id of the producing thread; nobody replies to a task without a result.
    ours, their = (json.loads(raw)["properties"]["reply_to"] for raw in (built, written_by_celery))
    assert built.replace(ours.encode(), their.encode()) == written_by_celery


def test_every_wake_has_ids_of_its_own(wakes: Wakes) -> None:
    built = [json.loads(wakes.build(CHAT)) for _ in range(100)]

    assert len({wake["headers"]["id"] for wake in built}) == 100
    assert len({wake["properties"]["delivery_tag"] for wake in built}) == 100


def test_id_of_a_wake_is_a_uuid7_of_this_moment() -> None:
    made = uuid.UUID(uuid7())

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) / 1000 - time.time()) < 60
