from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from cli.ports import free_port
from ingress.health import Health
from ingress.metrics import Metrics
from ingress.queue_watch import QueueWatch
from shared.model.ids import ConversationId
from shared.store import connection
from tests.integration.engine import event

if TYPE_CHECKING:
    from shared.store.keys import Keys
    from tests.integration.engine import Engine


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(Health())


async def test_ingress_tells_how_much_waits_and_runs_anywhere(
    engine: Engine, metrics: Metrics
) -> None:
    names = [ConversationId(f"oc_{number}") for number in range(3)]
    await engine.accept(*(event(conversation=name) for name in names))
    await engine.redis.rpop(engine.queue.wakes)
    await engine.parts().leases.begin(names[0], at_most=1)

    await QueueWatch(engine.store, engine.keys, metrics).look()

    assert await sample(metrics, "larkspur_queue_depth", queue="turns") == 2
    assert await sample(metrics, "larkspur_conversations", queue="turns", state="waiting") == 2
    assert await sample(metrics, "larkspur_conversations", queue="turns", state="running") == 1
    assert await sample(metrics, "larkspur_queue_depth", queue="events") == 0
    assert await sample(metrics, "larkspur_queue_oldest_age_seconds", queue="events") == 0
    assert await sample(metrics, "larkspur_dead_letters") == 0


async def test_numbers_are_forgotten_while_redis_is_away(
    engine: Engine, keys: Keys, metrics: Metrics
) -> None:
    await QueueWatch(engine.store, keys, metrics).look()
    assert await sample(metrics, "larkspur_queue_depth", queue="turns") == 0

    async with connection.connected(f"redis://127.0.0.1:{free_port()}", timeout=0.5) as away:
        await QueueWatch(away, keys, metrics).look()

    assert await sample(metrics, "larkspur_queue_depth", queue="turns") is None


async def sample(metrics: Metrics, name: str, **labels: str) -> float | None:
    return await asyncio.to_thread(metrics.registry.get_sample_value, name, labels)
