"""A team can change who asks its model: the conversation goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.stage import Stage


def test_conversation_goes_on_when_another_responder_answers(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker(RESPONDER="chat")
    assert stage.answer(stage.say("one")) == "You said: one"
    worker.stop()

    worker = stage.start_worker(RESPONDER="agent")
    second = stage.answer(stage.say("two"))
    worker.stop()
    stage.start_worker(RESPONDER="chat")
    third = stage.answer(stage.say("three"))

    assert second == "You said: two (message 2 of this conversation)"
    assert third == "You said: three (message 3 of this conversation)"
