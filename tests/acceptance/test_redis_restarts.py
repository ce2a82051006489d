"""A worker outlives its Redis: it is not restarted, and takes wakes from the next one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.survivor import Survivor
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage

pytestmark = pytest.mark.simulator("--first-token-delay", "2")


def test_restart_of_redis_with_its_data_is_lived_through(stage: Stage) -> None:
    stage.start_ingress()
    survivor = Survivor(stage)
    survivor.begin("before", user="alice")

    stage.kill_valkey()
    survivor.say("during", user="bob")
    survivor.worker.says("Cannot connect to redis")
    stage.start_valkey()
    survivor.say("after", user="carol")

    survivor.assert_unharmed()


def test_restart_of_redis_without_its_data_is_lived_through(stage: Stage) -> None:
    stage.start_ingress()
    survivor = Survivor(stage)
    stage.answer(survivor.say("before", user="alice"))
    survivor.worker.says("turn.replied")

    stage.kill_valkey()
    survivor.say("during", user="bob")
    shutil.rmtree(stage.valkey.log.parent)
    stage.start_valkey()
    survivor.say("after", user="carol")

    survivor.assert_unharmed()


def test_worker_finds_redis_again_though_it_was_away_for_long(stage: Stage) -> None:
    """Celery as it comes would sleep for up to half a minute after Redis is back."""
    stage.start_ingress()
    survivor = Survivor(stage)
    stage.kill_valkey()
    eventually(lambda: survivor.worker.log().count("Trying again in 5.00 seconds") >= 2)

    stage.start_valkey()
    survivor.say("after", user="alice")

    survivor.assert_unharmed()
    assert "Trying again in 6.00" not in survivor.worker.log()
