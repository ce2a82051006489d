"""A turn that breaks off is gone on with: the same card, the same answer, one bill."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.callbacks import text_of
from tests.acceptance.mischief import ALWAYS, clear, order, speak
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage

QUICK = {"LARKSPUR_WORKER__LEASE": "2"}
STREAM = "tell me\n#length 200"
CARDS = "/open-apis/cardkit/v1/cards"
REPLY = "/open-apis/im/v1/messages/{message_id}/reply"


def begun(stage: Stage, *, per_second: float = 2.0) -> tuple[str, str]:
    """Wait until a worker writes a long answer; return question and answer.

    Whoever goes on with it has the rest at once.
    """
    speak(stage, per_second=per_second)
    question = stage.say(STREAM)
    (answer,) = eventually(lambda: stage.answers(question))
    eventually(lambda: "You said" in text_of(stage, answer))
    speak(stage)
    return question, answer


def test_card_of_a_killed_worker_is_finished_by_another(stage: Stage) -> None:
    stage.start_ingress()
    doomed = stage.start_worker(**QUICK)
    question, answer = begun(stage)

    doomed.kill()
    stage.start_worker(**QUICK)

    assert stage.answer(question).startswith("You said: tell me")
    assert stage.answers(question) == [answer]


def test_worker_that_was_frozen_writes_nothing_more(stage: Stage) -> None:
    stage.start_ingress()
    frozen = stage.start_worker(**QUICK)
    question, answer = begun(stage)

    frozen.send(signal.SIGSTOP)
    stage.start_worker(**QUICK)
    finished = stage.answer(question)
    frozen.send(signal.SIGCONT)

    frozen.says("lease.lost")
    assert text_of(stage, answer) == finished
    assert stage.answers(question) == [answer]


def test_finished_answer_that_cannot_be_sent_is_not_asked_for_again(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker()
    question, _ = begun(stage, per_second=10.0)
    order(stage, "http_error", count=ALWAYS, status=500, where={"api": CARDS})
    worker.says("turn.deferred")

    clear(stage)
    order(stage, "model_error", count=ALWAYS, status=500)

    assert stage.answer(question).startswith("You said: tell me")


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_answer_of_the_platform_that_is_lost_sends_nothing_twice(stage: Stage, lost: int) -> None:
    stage.start_ingress()
    stage.start_worker()
    losing = order(stage, "lost_answer", count=lost, where={"api": REPLY})

    question = stage.say("hello")

    assert stage.answer(question) == "You said: hello"
    assert len(stage.answers(question)) == 1
    assert losing not in {fault["fault_id"] for fault in stage.get("/_sim/faults")}


def test_turn_of_a_stopping_worker_goes_on_in_the_same_card(stage: Stage) -> None:
    stage.start_ingress()
    stopping = stage.start_worker(LARKSPUR_WORKER__GRACE="0.2")
    question, answer = begun(stage)

    stopping.send(signal.SIGTERM)
    stage.start_worker()

    assert stopping.ended() == 0
    assert "turn.released" in stopping.log()
    assert stage.answer(question).startswith("You said: tell me")
    assert stage.answers(question) == [answer]
