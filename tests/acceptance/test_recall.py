"""A question that is taken back is answered no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.callbacks import text_of
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage

LONG = "tell me everything\n#length 100000\n#pace 0.1 20"


def recall(stage: Stage, message: str) -> None:
    stage.post("/_sim/recall", {"user": "alice", "message_id": message})


def test_running_answer_stops(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker()
    question = stage.say(LONG)
    (answer,) = eventually(lambda: stage.answers(question))
    eventually(lambda: "You said" in text_of(stage, answer))

    recall(stage, question)

    worker.says("turn.ignored")
    assert stage.answer(stage.say("and now?")) == "You said: and now?"


def test_question_that_waits_is_passed_over(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker(LARKSPUR_WORKER__WHEN_BUSY="each")
    running = stage.say(LONG)
    eventually(lambda: stage.answers(running))
    waiting = stage.say("never mind")

    recall(stage, waiting)
    worker.says("recall_noted")
    recall(stage, running)

    assert stage.answer(stage.say("and now?")).startswith("You said: and now?")
    assert stage.answers(waiting) == []


@pytest.mark.parametrize(("when_gone", "messages"), [("drop", 0), ("send", 1)])
def test_answer_to_a_question_that_is_gone_is_dropped_or_sent(
    stage: Stage, when_gone: str, messages: int
) -> None:
    stage.start_ingress()
    stage.post(
        "/_sim/faults",
        {
            "kind": "http_error",
            "count": 1,
            "status": 400,
            "code": 230011,
            "where": {"api": "POST /open-apis/im/v1/messages/{message_id}/reply"},
        },
    )
    worker = stage.start_worker(LARKSPUR_REPLY__WHEN_GONE=when_gone)
    question = stage.say("one")

    worker.says("turn.replied" if messages else "question_gone")

    shown = [one for one in stage.messages() if one["sender"]["kind"] == "app"]
    assert len(shown) == messages
    assert [one["parent_id"] for one in shown] == [None] * messages
    assert all(one["text"] == "You said: one" for one in shown), question


def test_chat_that_is_no_more_costs_one_attempt(stage: Stage) -> None:
    stage.start_ingress()
    stage.post(
        "/_sim/faults",
        {
            "kind": "http_error",
            "count": None,
            "status": 400,
            "code": 232009,
            "where": {"api": "POST /open-apis/im/v1/messages/{message_id}/reply"},
        },
    )
    worker = stage.start_worker()

    stage.say("one")

    worker.says("turn.abandoned")
    assert worker.log().count("turn.begun") == 1
