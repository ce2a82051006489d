"""A user stops an answer, by a word or by its button, whichever process writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.callbacks import press_button, text_of
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage

LONG = "tell me everything\n#length 100000\n#pace 0.1 20"


def answering(stage: Stage) -> tuple[str, str, Process]:
    """Have an answer begun that would take hours; return question, answer, and who writes it."""
    stage.start_ingress()
    worker = stage.start_worker()
    question = stage.say(LONG)
    (answer,) = eventually(lambda: stage.answers(question))
    eventually(lambda: "You said" in text_of(stage, answer))
    return question, answer, worker


def test_word_stops_the_answer(stage: Stage) -> None:
    question, _, worker = answering(stage)

    stage.say("/stop")

    worker.says("stopped")
    assert "stopped" in stage.shown(question).lower()
    assert len(stage.answers(question)) == 1


def test_button_stops_the_answer(stage: Stage) -> None:
    question, answer, _ = answering(stage)

    press_button(stage, answer, "stop")

    assert "stopped" in stage.shown(question).lower()
    assert stage.answer(stage.say("and now?")) == "You said: and now?"


def test_button_reaches_a_turn_in_another_process(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker(LARKSPUR_WORKER__QUEUES="turns")
    stage.start_worker(LARKSPUR_WORKER__QUEUES="events")
    question = stage.say(LONG)
    (answer,) = eventually(lambda: stage.answers(question))
    eventually(lambda: "You said" in text_of(stage, answer))

    press_button(stage, answer, "stop")

    worker.says("stopped")
    assert "stopped" in stage.shown(question).lower()


def test_word_calls_off_what_waits(stage: Stage) -> None:
    question, _, _ = answering(stage)
    waiting = stage.say("one more thing")

    stage.say("/stop")

    stage.answer(question)
    assert stage.answer(stage.say("and now?")).startswith("You said: and now?")
    assert stage.answers(waiting) == []


def test_stopped_answer_has_no_button_left(stage: Stage) -> None:
    question, answer, _ = answering(stage)

    press_button(stage, answer, "stop")
    stage.answer(question)

    with pytest.raises(LookupError):
        press_button(stage, answer, "stop")
