"""Promise 3: order inside a conversation, side by side across conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage

USERS = ("alice", "bob", "carol")


def test_two_workers_answer_each_conversation_in_order(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    stage.start_worker()

    said = {user: [stage.say(f"{user} {n}", user=user) for n in range(8)] for user in USERS}

    for user, messages in said.items():
        answers = [stage.answer(message_id) for message_id in messages]
        assert [answer.split(" (")[0] for answer in answers] == [
            f"You said: {user} {n}" for n in range(8)
        ]
        assert stage.replied_to(user) == messages


@pytest.mark.simulator("--first-token-delay", "1")
def test_a_slow_turn_does_not_hold_up_other_conversations(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker()

    messages = [stage.say("hello", user=user) for user in USERS]

    for message_id in messages:
        stage.answer(message_id)
    eventually(lambda: len(_lines(worker.log(), "turn.replied")) == len(USERS))
    begun, replied = (_lines(worker.log(), event) for event in ("turn.begun", "turn.replied"))
    assert max(begun) < min(replied)


def _lines(log: str, event: str) -> list[int]:
    return [number for number, line in enumerate(log.splitlines()) if event in line]
