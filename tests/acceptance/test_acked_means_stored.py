"""Promise 1: an acked event is never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.stage import Stage


def test_message_acked_by_a_killed_ingress_is_answered(stage: Stage) -> None:
    ingress = stage.start_ingress()
    message_id = stage.say("hello")
    stage.acked(message_id)
    ingress.kill()

    stage.start_worker()

    assert stage.answer(message_id) == "You said: hello"


def test_message_acked_before_redis_was_killed_is_answered(stage: Stage) -> None:
    stage.start_ingress()
    message_id = stage.say("hello")
    stage.acked(message_id)
    stage.kill_valkey()

    stage.start_valkey()
    stage.start_worker()

    assert stage.answer(message_id) == "You said: hello"
