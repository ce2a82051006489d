"""What says two things at once about a worker is refused before it takes a wake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.errors import EX_CONFIG

if TYPE_CHECKING:
    from tests.stage import Stage


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("--pool=solo", "--pool: is threads"),
        ("--concurrency=5", "--concurrency: is set by LARKSPUR_WORKER__CONCURRENCY"),
    ],
)
def test_option_of_celery_that_contradicts_us_is_refused(
    stage: Stage, option: str, says: str
) -> None:
    worker = stage.start("worker", "-m", "celery", "-A", "workers.app", "worker", option)

    assert worker.ended() == EX_CONFIG
    assert f"worker: {says}" in worker.log()


def test_celery_starts_a_worker_as_our_own_command_does(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start("worker", "-m", "celery", "-A", "workers.app", "worker")

    worker.says("worker.ready")

    assert stage.answer(stage.say("hello")) == "You said: hello"
