"""What comes while a turn runs: answered together, one by one, or instead of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage

SLOW = "#pace 8 100"
NEVER = "#pace 600 100"


def started(stage: Stage, text: str, **environment: str) -> str:
    """Say something to a worker that does nothing else; return the message, once it is at it."""
    stage.start_ingress()
    return begun(stage, text, **environment)


def begun(stage: Stage, text: str, **environment: str) -> str:
    worker = stage.start_worker(**environment)
    message_id = stage.say(text)
    worker.says("turn.begun")
    return message_id


def test_messages_that_come_meanwhile_are_answered_together(stage: Stage) -> None:
    first = started(stage, f"one\n{SLOW}", LARKSPUR_WORKER__WHEN_BUSY="collect")

    second, third = stage.say("two"), stage.say("three")

    assert stage.answer(second).startswith("You said: two\nthree")
    assert stage.answer(first) == "You said: one"
    assert stage.answers(third) == []


def test_messages_that_come_meanwhile_are_answered_one_by_one(stage: Stage) -> None:
    first = started(stage, f"one\n{SLOW}", LARKSPUR_WORKER__WHEN_BUSY="each")

    second, third = stage.say("two"), stage.say("three")

    for message_id, said in ((first, "one"), (second, "two"), (third, "three")):
        assert stage.answer(message_id).splitlines()[0].startswith(f"You said: {said}")


def test_message_that_comes_meanwhile_interrupts(stage: Stage) -> None:
    first = started(stage, f"one\n{NEVER}", LARKSPUR_WORKER__WHEN_BUSY="interrupt")

    second = stage.say("two")

    assert stage.answer(second) == "You said: two"
    assert "You said" not in stage.answer(first)
    assert len(stage.answers(first)) == 1


def test_chat_may_differ_from_the_rest(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker()
    asked = stage.say("which chat is this?")
    stage.answer(asked)
    worker.stop()
    chat = stage.chat_of(asked)
    first = begun(
        stage,
        f"one\n{NEVER}",
        LARKSPUR_WORKER__WHEN_BUSY="each",
        LARKSPUR_WORKER__WHEN_BUSY_IN=f'{{"{chat}": "interrupt"}}',
    )

    assert stage.answer(stage.say("two")).startswith("You said: two")
    eventually(lambda: len(stage.answers(first)) == 1)
