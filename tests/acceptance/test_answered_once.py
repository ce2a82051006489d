"""Promise 2: one answer per message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.stage import Stage


@pytest.mark.parametrize("new_event_id", [False, True], ids=["same_event_id", "new_event_id"])
def test_message_delivered_again_is_acked_and_not_answered_again(
    stage: Stage, new_event_id: bool
) -> None:
    stage.start_ingress()
    stage.start_worker()
    message_id = stage.say("hello")
    stage.answer(message_id)

    stage.post("/_sim/redeliver", {"message_id": message_id, "new_event_id": new_event_id})
    stage.acked(message_id, times=2)

    # The conversation is in order: a second answer would come before this one.
    stage.answer(stage.say("and now?"))
    assert len(stage.answers(message_id)) == 1


@pytest.mark.simulator("--first-token-delay", "2")
def test_turn_of_a_killed_worker_is_finished_by_another_once(stage: Stage) -> None:
    quick = {"LARKSPUR_WORKER__LEASE": "2"}
    stage.start_ingress()
    doomed = stage.start_worker(**quick)
    message_id = stage.say("hello")
    doomed.says("turn.begun")

    doomed.kill()
    stage.start_worker(**quick)

    stage.answer(message_id)
    stage.answer(stage.say("and now?"))
    assert len(stage.answers(message_id)) == 1
