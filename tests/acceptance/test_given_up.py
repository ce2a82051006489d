"""Promise 8: what cannot be answered is told to the user, who can have it tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acceptance.callbacks import press_button, text_of
from tests.acceptance.mischief import ALWAYS, clear, order
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage


def given_up(stage: Stage) -> tuple[str, str]:
    """Have a message abandoned; return it and what the user was told."""
    stage.start_ingress()
    worker = stage.start_worker(LARKSPUR_WORKER__ATTEMPTS="2")
    order(stage, "model_error", count=ALWAYS, status=500)
    question = stage.say("hello")
    worker.says("turn.abandoned")
    (told,) = eventually(lambda: stage.answers(question))
    return question, told


def test_user_is_told_and_the_conversation_goes_on(stage: Stage) -> None:
    _, told = given_up(stage)

    clear(stage)

    assert "Sorry" in text_of(stage, told)
    assert stage.answer(stage.say("and now?")) == "You said: and now?"


def test_try_again_answers_what_was_given_up(stage: Stage) -> None:
    question, told = given_up(stage)
    clear(stage)

    press_button(stage, told, "retry")

    eventually(lambda: "You said: hello" in stage.answer(question))


def test_second_press_does_nothing(stage: Stage) -> None:
    question, told = given_up(stage)
    clear(stage)

    press_button(stage, told, "retry", times=2)
    eventually(lambda: "You said: hello" in stage.answer(question))

    assert stage.answer(stage.say("and now?")).startswith("You said: and now?")
    assert stage.answer(question).count("You said: hello") == 1
