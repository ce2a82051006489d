"""Conversations can be looked at while they run, and taken from whoever runs them."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.acceptance.callbacks import text_of
from tests.acceptance.mischief import clear, order, speak
from tests.acceptance.outages import KEYS
from tests.eventually import eventually

if TYPE_CHECKING:
    from redis import Redis

    from tests.acceptance.operator import Operator
    from tests.stage import Stage

STREAM = "tell me\n#length 200"
SLOWLY = 2.0
"""Words a second: it takes longer than all that a test does meanwhile."""
FOR_AN_HOUR = {"LARKSPUR_WORKER__LEASE": "3600"}
"""No lease expires, and none is renewed, while a test looks on."""


def test_conversation_of_a_worker_that_hangs_goes_on_elsewhere(
    stage: Stage, operator: Operator
) -> None:
    stage.start_ingress()
    hanging = stage.start_worker(**FOR_AN_HOUR)
    speak(stage, per_second=SLOWLY)
    question = stage.say(STREAM)
    name = operator.running()
    hanging.send(signal.SIGSTOP)
    speak(stage)
    stage.start_worker(**FOR_AN_HOUR)

    assert operator.ask("conversations", "release", name)["was"] == "running"

    answer = stage.answer(question)
    assert answer.startswith("You said: tell me")
    hanging.send(signal.SIGCONT)
    hanging.says("lease.lost")
    (message,) = stage.answers(question)
    assert text_of(stage, message) == answer


def test_conversation_of_a_live_worker_goes_on_in_the_same_card(
    stage: Stage, operator: Operator
) -> None:
    stage.start_ingress()
    holder = stage.start_worker()
    speak(stage, per_second=SLOWLY)
    question = stage.say(STREAM)
    name = operator.running()
    (message,) = eventually(lambda: stage.answers(question))
    eventually(lambda: "You said" in text_of(stage, message))
    speak(stage)

    operator.ask("conversations", "release", name)

    holder.says("lease.lost")
    assert stage.answer(question).startswith("You said: tell me")
    assert stage.answers(question) == [message]
    holder.says("turn.replied")
    assert [turn["attempt"] for turn in holder.events("turn.begun")] == [1, 1]
    assert holder.events("turn.rescued") == []
    assert stage.answer(stage.say("and now?")).startswith("You said: and now?")


def test_deferred_conversation_need_not_wait(stage: Stage, operator: Operator) -> None:
    stage.start_ingress()
    worker = stage.start_worker()
    order(stage, "model_error", count=None, status=429, retry_after=3600)
    question = stage.say("hello")
    worker.says("turn.deferred")
    clear(stage)
    (one,) = operator.ask("conversations", "list", "--state", "deferred")["conversations"]

    was = operator.ask("conversations", "release", one["conversation"])["was"]

    assert was == "deferred"
    eventually(lambda: "You said: hello" in stage.answer(question))
    assert len(stage.answers(question)) == 1


def test_there_is_nothing_to_release_of_who_waits_or_has_no_mail(
    stage: Stage, operator: Operator
) -> None:
    stage.start_ingress()
    stage.acked(question := stage.say("hello"))
    chat = stage.chat_of(question)

    waits, nobody = (operator.run("conversations", "release", name) for name in (chat, "oc_none"))

    assert (waits.code, waits.err) == (
        1,
        f"Error: {chat}: nothing to release; it waits for a worker already\n",
    )
    assert (nobody.code, nobody.err) == (1, "Error: oc_none: nothing to release; it has no mail\n")


def test_waiting_conversation_is_shown_without_what_was_said(
    stage: Stage, operator: Operator
) -> None:
    stage.start_ingress()
    stage.acked(question := stage.say("private"))
    chat = stage.chat_of(question)

    shown, with_content = (
        operator.run("conversations", "show", chat, *more) for more in ((), ("--content",))
    )

    assert (shown.code, "private" in shown.out) == (0, False)
    assert "waiting, for" in shown.out
    assert (with_content.code, "private" in with_content.out) == (0, True)
    found = operator.ask("conversations", "show", chat)
    assert (found["state"], found["mail"], found["lease_expires_at"]) == ("waiting", 1, None)


def test_looking_on_under_load_disturbs_nobody(
    stage: Stage, operator: Operator, redis: Redis
) -> None:
    stage.start_ingress()
    workers = [stage.start_worker() for _ in range(2)]
    users = ("alice", "bob", "carol")
    said = []

    for round_ in range(8):
        said += [stage.say(f"{round_}\n#pace 0.3 20", user=user) for user in users]
        queue = operator.ask("queue")["queues"]["turns"]
        listed = operator.ask("conversations", "list")
        assert queue["running"] + queue["waiting"] <= len(users)
        assert len(listed["conversations"]) <= len(users)
        for one in listed["conversations"]:
            assert operator.run("conversations", "show", one["conversation"]).code == 0

    for question in said:
        assert stage.answer(question).startswith("You said: ")
        assert len(stage.answers(question)) == 1
    eventually(lambda: not redis.exists(KEYS.queue("turns").running))
    assert [worker.events("lease.lost") for worker in workers] == [[], []]
    assert operator.ask("queue")["queues"]["turns"]["waiting"] == 0
