"""Promise 9: nothing private in logs, metrics, task arguments or Flower; ids only."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, cast
from urllib.request import urlopen

import pytest

from cli.ports import free_port
from tests.acceptance.collector import collecting
from tests.acceptance.mischief import order
from tests.acceptance.watching import PASSWORD, Flower
from tests.eventually import PATIENCE, eventually, soon
from tests.stage import APP_SECRET

if TYPE_CHECKING:
    from redis import Redis

    from tests.acceptance.collector import Collector
    from tests.stage import Stage

SECRET_TEXT = "the merger is on friday"
SECRETS = ("merger", APP_SECRET, "ticket=", PASSWORD)
FLOWERS = ("/api/tasks", "/api/workers", "/metrics", "/tasks")


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> None:
    """Take the watch off: the stage's own calls block, in threads and at its end."""


def test_logs_and_metrics_hold_ids_but_no_text_and_no_secret(stage: Stage) -> None:
    ingress, worker = stage.start_ingress(), stage.start_worker()

    message_id = stage.say(SECRET_TEXT)

    stage.answer(message_id)
    worker.says("turn.replied")
    ingress.says(message_id)
    worker.says(message_id)
    metrics = read(f"{stage.ingress_url}/metrics")
    for output in (ingress.log(), worker.log(), metrics):
        for private in (SECRET_TEXT, APP_SECRET, stage.environment["OPENAI_API_KEY"], "ticket="):
            assert private not in output


async def test_what_was_said_is_in_no_task_no_trace_no_metric_and_no_log(
    stage: Stage, redis: Redis
) -> None:
    port = free_port()
    async with collecting() as collector:
        stage.environment |= {
            "LARKSPUR_TRACE__ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "RESPONDER": "agent",
        }
        order(stage, "model_error", count=1, status=429)
        ingress = await asyncio.to_thread(stage.start_ingress)
        flower = await asyncio.to_thread(Flower, stage)
        message_id = await asyncio.to_thread(stage.say, SECRET_TEXT)
        await asyncio.to_thread(stage.acked, message_id)
        wakes = wakes_in(redis)
        worker = await asyncio.to_thread(stage.start_worker, LARKSPUR_WORKER__PORT=str(port))
        answer = await asyncio.to_thread(stage.answer, message_id)
        await asyncio.to_thread(worker.says, "turn.replied")
        await asyncio.to_thread(flower.tells, lambda task: str(task["result"]) == "'replied'")
        told = [await asyncio.to_thread(flower.ask, path) for path in FLOWERS]
        urls = (f"{stage.ingress_url}/metrics", f"http://127.0.0.1:{port}/metrics")
        told += [await asyncio.to_thread(read, url) for url in urls]
        await soon(lambda: replied(collector))

    assert SECRET_TEXT in answer
    assert "deferred" in told[0]
    assert len(wakes) == 1
    told += [*wakes, ingress.log(), worker.log(), flower.process.log(), repr(collector.raw)]
    for output in told:
        for private in (*SECRETS, stage.environment["OPENAI_API_KEY"]):
            assert private not in output


def test_flower_asks_for_its_password_and_shows_turns_by_conversation(stage: Stage) -> None:
    stage.start_ingress()
    flower = Flower(stage)
    stage.start_worker()
    message_id = stage.say(SECRET_TEXT)
    stage.answer(message_id)

    (task,) = eventually(lambda: list(flower.tasks().values()))

    assert flower.status("/api/tasks") == 401
    assert (task["name"], task["args"]) == ("turn", f"('{stage.chat_of(message_id)}',)")
    assert SECRET_TEXT not in json.dumps(flower.tasks())


def test_flower_without_a_password_does_not_start(stage: Stage) -> None:
    flower = stage.start("flower", "-m", "cli", "flower")

    assert flower.ended() == 78
    assert "LARKSPUR_FLOWER__PASSWORD: is not set" in flower.log()


def wakes_in(redis: Redis) -> list[str]:
    """Return the tasks that wait, as Celery has them in Redis."""
    lists = [key for key in redis.scan_iter("larkspur:*:turns") if redis.type(key) == b"list"]
    return [
        wake.decode() for key in lists for wake in cast("list[bytes]", redis.lrange(key, 0, -1))
    ]


def read(url: str) -> str:
    with urlopen(url, timeout=PATIENCE) as response:
        said: str = response.read().decode()
    return said


async def replied(collector: Collector) -> bool:
    """Tell whether the trace of a turn that replied has come."""
    return any(span.attributes.get("larkspur.outcome") == "replied" for span in collector.spans)
