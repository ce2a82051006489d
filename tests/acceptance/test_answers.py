"""An answer is whole, where it was asked for, in the best form that the platform takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared.feishu.words import WORDS
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage

CARDS = "POST /open-apis/cardkit/v1/cards"
REPLY = "POST /open-apis/im/v1/messages/{message_id}/reply"
CONTENT = "PUT /open-apis/cardkit/v1/cards/{card_id}/elements/{element_id}/content"
THOUGHTS = " ".join(["Let me see"] * 50)
"""They take so long that nobody misses them, however busy the machine is."""
OVERLAPS = "Hel Hello lolo o oo \n\nHello Hello\nlo lo lo" * 20


def fault(stage: Stage, kind: str, api: str, **asked: Any) -> None:
    stage.post("/_sim/faults", {"kind": kind, "where": {"api": api}, **asked})


def answers(stage: Stage, question: str) -> list[dict[str, Any]]:
    return [one for one in stage.messages() if one.get("parent_id") == question]


@pytest.mark.simulator("--limits=on")
def test_last_revision_is_the_whole_text_whatever_was_dropped_before(stage: Stage) -> None:
    fault(stage, "http_error", CONTENT, count=3, status=400, code=300313)
    fault(stage, "lost_answer", CONTENT, count=2)
    stage.start_ingress()
    stage.start_worker(LARKSPUR_REPLY__INTERVAL="0.05")

    question = stage.say(f"{OVERLAPS}\n#pace 0.1 100")

    assert stage.answer(question) == f"You said: {OVERLAPS}"


def test_answer_that_no_card_holds_goes_on_in_the_next(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()

    question = stage.say("tell me\n#length 12000\n#pace 0.1 20000")

    stage.answer(question)
    first, *_, last = cards = answers(stage, question)
    assert {one["msg_type"] for one in cards} == {"interactive"}
    assert (
        WORDS["en"].continued in str(first["card"]),
        WORDS["en"].continued in str(last["card"]),
    ) == (True, False)


@pytest.mark.parametrize(
    ("refused", "kind"),
    [
        ([], "interactive"),
        ([(CARDS, 99991672)], "interactive"),
        ([(CARDS, 99991672), (REPLY, 230054)], "post"),
    ],
)
def test_answer_is_in_the_best_form_that_is_taken(
    stage: Stage, refused: list[tuple[str, int]], kind: str
) -> None:
    for api, code in refused:
        count = 1 if api == REPLY else None
        fault(stage, "http_error", api, count=count, status=400, code=code, msg="some scope")
    stage.start_ingress()
    worker = stage.start_worker()

    question = stage.say("one")

    assert stage.answer(question) == "You said: one"
    assert [one["msg_type"] for one in answers(stage, question)] == [kind]
    assert worker.log().count("form.refused") == len(refused)


def test_answer_is_in_the_thread_that_the_question_is_in(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    asked = {"user": "alice", "text": "one", "thread": "new"}

    question = str(stage.post("/_sim/messages", asked)["message_id"])

    stage.answer(question)
    (answer,) = answers(stage, question)
    assert answer["thread_id"]


def test_setting_opens_a_thread_for_every_answer(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker(LARKSPUR_REPLY__IN_THREAD="true")

    question = stage.say("one")

    stage.answer(question)
    (answer,) = answers(stage, question)
    assert answer["thread_id"]


def test_thoughts_are_folded_away_when_the_answer_is_there(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    question = stage.say(f"one\n#think {THOUGHTS}\n#pace 0.2 20")

    eventually(lambda: "> Let" in str([one["text"] for one in answers(stage, question)]))
    assert stage.answer(question) == "You said: one"

    (answer,) = answers(stage, question)
    (panel,) = [
        each for each in answer["card"]["body"]["elements"] if each["tag"] == "collapsible_panel"
    ]
    assert panel["expanded"] is False
    assert panel["elements"][0]["content"] == THOUGHTS
