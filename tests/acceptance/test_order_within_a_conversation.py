"""Promise 3: order inside a conversation, side by side across conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage

USERS = ("alice", "bob", "carol")
NEVER = "hello\n#pace 600 20"


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


def test_a_slow_turn_does_not_hold_up_other_conversations(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker()

    slow = [stage.say(NEVER, user=user) for user in ("alice", "bob")]
    eventually(lambda: len(worker.events("turn.begun")) == len(slow))

    assert stage.answer(stage.say("hello", user="carol")) == "You said: hello"
    eventually(lambda: len(worker.events("turn.replied")) == 1)
    assert len(worker.events("turn.begun")) == len(USERS)
    for user, message_id in zip(("alice", "bob"), slow, strict=True):
        stage.say("/stop", user=user)
        assert "stopped" in stage.shown(message_id).lower()
