"""The fleet keeps the platform's limits, and the last state of an answer always gets through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from redis import Redis

from shared.model.ids import AppId
from shared.store.keys import Keys
from tests.eventually import eventually
from tests.stage import APP_ID

if TYPE_CHECKING:
    from tests.stage import Stage

PEOPLE = 60
KEYS = Keys(AppId(APP_ID))


@pytest.mark.simulator(f"--people={PEOPLE}", "--limits=on")
def test_many_answers_at_once_are_whole_and_hardly_a_call_is_refused(stage: Stage) -> None:
    stage.start_ingress()
    for _ in range(2):
        stage.start_worker()

    questions = [stage.say(f"number {n}\n#pace 0.1 20", user=f"p{n}") for n in range(1, PEOPLE + 1)]

    for number, question in enumerate(questions, 1):
        assert stage.answer(question) == f"You said: number {number}"
        assert len(stage.answers(question)) == 1
    calls: list[dict[str, Any]] = stage.get("/_sim/calls?limit=1000")
    refused = [one for one in calls if one["code"] in {99991400, 230020}]
    assert len(refused) <= len(calls) / 20  # on a machine that stumbles; see `make bench`


@pytest.mark.simulator("--limits=on")
def test_busy_chat_is_answered_at_its_own_speed_and_holds_up_no_other(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()

    busy = [
        str(
            stage.post("/_sim/messages", {"user": "alice", "text": f"number {n}", "thread": "new"})[
                "message_id"
            ]
        )
        for n in range(20)
    ]
    other = stage.say("hello", user="bob")

    assert stage.answer(other) == "You said: hello"
    for number, question in enumerate(busy):
        assert stage.answer(question) == f"You said: number {number}"


@pytest.mark.parametrize(
    ("used", "kind", "said"), [(10, "interactive", ""), (85, "interactive", "sparsely")]
)
def test_calls_of_the_month_are_saved_when_they_run_low(
    stage: Stage, used: int, kind: str, said: str
) -> None:
    spend(stage, used)
    stage.start_ingress()
    worker = stage.start_worker(LARKSPUR_LIMITS__CALLS_A_MONTH="100")
    if said:
        worker.says(f'"spending":"{said}"')

    question = stage.say("one")

    assert stage.answer(question) == "You said: one"
    (answer,) = [one for one in stage.messages() if one.get("parent_id") == question]
    assert answer["msg_type"] == kind


def test_last_calls_of_the_month_are_for_words(stage: Stage) -> None:
    spend(stage, 96)
    stage.start_ingress()
    worker = stage.start_worker(LARKSPUR_LIMITS__CALLS_A_MONTH="100")
    worker.says('"spending":"plainly"')

    question = stage.say("one")

    assert stage.answer(question) == "You said: one"
    (answer,) = [one for one in stage.messages() if one.get("parent_id") == question]
    assert answer["msg_type"] == "post"


@pytest.mark.simulator("--quota=3")
def test_month_that_is_over_is_a_dead_letter_and_no_loop(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker()
    for _ in range(2):
        stage.say("one")

    worker.says("turn.abandoned")
    eventually(lambda: "99991403" in worker.log())
    calls: list[dict[str, Any]] = stage.get("/_sim/calls?limit=1000")
    assert len(calls) < 20


def spend(stage: Stage, calls: int) -> None:
    """Have so many calls been made this month, wherever it is just now."""
    with Redis.from_url(stage.valkey.url) as redis:
        months = [f"{year}-{month:02}" for year in range(2024, 2100) for month in range(1, 13)]
        redis.mset({KEYS.calls(month): calls for month in months})
