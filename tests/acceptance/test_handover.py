"""A worker that is told to stop leaves nothing unfinished behind."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.acceptance.mischief import speak

if TYPE_CHECKING:
    from tests.stage import Stage


def test_turn_of_a_stopping_worker_goes_on_elsewhere(stage: Stage) -> None:
    stage.start_ingress()
    speak(stage, after=100.0)
    stopping = stage.start_worker(LARKSPUR_WORKER__GRACE="0.2")
    message_id = stage.say("hello")
    stopping.says("turn.begun")

    stopping.send(signal.SIGTERM)

    assert stopping.ended() == 0
    assert "turn.released" in stopping.log()
    speak(stage)
    stage.start_worker()
    assert stage.answer(message_id) == "You said: hello"
