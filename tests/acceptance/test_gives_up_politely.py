"""Promise 8: what cannot be answered becomes a dead letter, and the user is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.ports import free_port

if TYPE_CHECKING:
    from tests.stage import Stage


def test_user_is_told_when_the_model_stays_away(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker(
        OPENAI_BASE_URL=f"http://127.0.0.1:{free_port()}/v1", LARKSPUR_WORKER__ATTEMPTS="2"
    )

    message_id = stage.say("hello")

    assert "Sorry, I could not answer" in stage.answer(message_id)
    worker.says("turn.abandoned")
    assert worker.log().count("turn.deferred") == 1
