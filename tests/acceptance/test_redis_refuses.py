"""A worker outlives a Redis that answers, but not what was asked: it waits, and does not hurry."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from cli.ports import free_port
from tests.acceptance.outages import order, stopped
from tests.acceptance.survivor import Survivor
from tests.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stage import Stage

pytestmark = pytest.mark.simulator("--first-token-delay", "2")


def become_a_replica(stage: Stage) -> Callable[[], object]:
    order(stage, f"REPLICAOF 127.0.0.1 {free_port()}")
    return lambda: order(stage, "REPLICAOF NO ONE")


def fail_to_save(stage: Stage) -> Callable[[], object]:
    """Have the disk refuse the snapshot that Redis is told to make; then it refuses writes."""
    in_the_way = stage.valkey.log.parent / "dump.rdb"
    in_the_way.mkdir()
    order(stage, "CONFIG SET save '3600 1'")
    order(stage, "BGSAVE")
    eventually(lambda: order(stage, "INFO persistence")["rdb_last_bgsave_status"] == "err")

    def mend() -> None:
        in_the_way.rmdir()
        order(stage, "BGSAVE")

    return mend


@pytest.mark.parametrize(
    ("begins", "says"),
    [(become_a_replica, "ReadOnlyError"), (fail_to_save, "MISCONF")],
    ids=["READONLY", "MISCONF"],
)
def test_redis_that_takes_no_writes_for_a_while_is_waited_for(
    stage: Stage, begins: Callable[[Stage], Callable[[], object]], says: str
) -> None:
    stage.start_ingress()
    survivor = Survivor(stage)
    stage.answer(survivor.say("before", user="alice"))
    survivor.worker.says("turn.replied")

    began = time.monotonic()
    ends = begins(stage)
    survivor.worker.says(says)
    eventually(lambda: tries(survivor) >= 5)
    lost, seconds = tries(survivor), time.monotonic() - began  # in this order: time goes on
    survivor.say("during", user="bob")
    ends()
    survivor.say("after", user="carol")

    assert lost <= seconds + 3, "it connects once a second, not in a tight loop"
    survivor.assert_unharmed()


def test_redis_that_stands_still_is_waited_for(stage: Stage) -> None:
    stage.start_ingress()
    survivor = Survivor(stage)
    survivor.begin("before", user="alice")

    with stopped(stage):
        time.sleep(8)
        survivor.say("during", user="bob")
        time.sleep(2)
    survivor.say("after", user="carol")

    survivor.assert_unharmed()


def tries(survivor: Survivor) -> int:
    """Return how often the consumer lost its connection, or got none."""
    said = survivor.worker.log()
    return said.count("Connection to broker lost") + said.count("Cannot connect to redis")
