"""What a finished answer offers: another one, and a word on this one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.request import urlopen

from cli.ports import free_port
from tests.acceptance.callbacks import press_button
from tests.eventually import PATIENCE, eventually

if TYPE_CHECKING:
    from tests.stage import Stage


def test_question_is_answered_again(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    question = stage.say("one")
    stage.answer(question)
    (answer,) = stage.answers(question)

    press_button(stage, answer, "again")

    first, second = eventually(lambda: found if len(found := stage.answers(question)) > 1 else [])
    assert first == answer
    eventually(lambda: "message 2 of this conversation" in text_of(stage, second))


def text_of(stage: Stage, message: str) -> str:
    return next(str(one["text"]) for one in stage.messages() if one["message_id"] == message)


def test_recalled_question_is_not_answered_again(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker()
    question = stage.say("one")
    stage.answer(question)
    (answer,) = stage.answers(question)
    stage.post("/_sim/recall", {"user": "alice", "message_id": question})
    worker.says("recall_noted")

    press_button(stage, answer, "again")

    worker.says("again_too_late")
    assert stage.answers(question) == [answer]


def test_feedback_is_counted(stage: Stage) -> None:
    port = str(free_port())
    stage.start_ingress()
    worker = stage.start_worker(LARKSPUR_WORKER__PORT=port)
    question = stage.say("one")
    stage.answer(question)
    (answer,) = stage.answers(question)

    press_button(stage, answer, "up")
    press_button(stage, answer, "down")
    press_button(stage, answer, "down")

    def counted() -> bool:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as response:
            said = response.read().decode()
        return (
            'larkspur_feedback_total{verdict="up"} 1.0' in said
            and 'larkspur_feedback_total{verdict="down"} 2.0' in said
        )

    eventually(counted)
    worker.says('"event":"feedback"')


def test_finished_answer_tells_of_model_and_time(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker(LLM_MODEL="some-model")
    question = stage.say("one")
    stage.answer(question)

    (card,) = [one["card"] for one in stage.messages() if one.get("parent_id") == question]

    assert "some-model · " in str(card)
    assert " tokens" in str(card)
