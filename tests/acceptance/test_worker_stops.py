"""A worker that is told to stop: its turns have their grace, others get the rest, and it ends."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.mischief import speak
from tests.acceptance.outages import stopped

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage

LONG = "120"
"""A grace that no test waits for."""


@pytest.mark.simulator("--first-token-delay", "4")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_turn_that_ends_within_the_grace_is_ended_here(
    stage: Stage, number: signal.Signals
) -> None:
    stage.start_ingress()
    worker = stage.start_worker(LARKSPUR_WORKER__GRACE=LONG)
    message_id = begun(stage, worker)

    worker.send(number)

    assert worker.ended() == 0
    assert stage.answer(message_id) == "You said: hello"
    assert (worker.events("turn.released"), len(worker.events("turn.replied"))) == ([], 1)


@pytest.mark.parametrize(
    "numbers",
    [(signal.SIGQUIT,), (signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGINT)],
    ids=["SIGQUIT", "SIGTERM twice", "SIGINT twice"],
)
def test_who_cannot_wait_has_the_turns_go_on_elsewhere_at_once(
    stage: Stage, numbers: tuple[signal.Signals, ...]
) -> None:
    stage.start_ingress()
    speak(stage, after=100.0)
    worker = stage.start_worker(LARKSPUR_WORKER__GRACE=LONG)
    message_id = begun(stage, worker)

    for number in numbers:
        worker.send(number)
        worker.says("worker.stopping" if number is not signal.SIGQUIT else "worker.hands_over")

    assert worker.ended() == 0
    assert len(worker.events("turn.released")) == 1
    speak(stage)
    other = stage.start_worker()
    assert stage.answer(message_id) == "You said: hello"
    assert (len(stage.answers(message_id)), other.events("turn.rescued")) == (1, [])


def test_worker_that_flower_stops_hands_its_turns_over(stage: Stage) -> None:
    stage.start_ingress()
    speak(stage, after=100.0)
    worker = stage.start_worker(LARKSPUR_WORKER__GRACE="0.2")
    message_id = begun(stage, worker)

    celery = ("-m", "celery", "-A", "workers.app", "control", "shutdown")
    stage.start("control", *celery)

    assert worker.ended() == 0
    assert len(worker.events("turn.released")) == 1
    speak(stage)
    stage.start_worker()
    assert stage.answer(message_id) == "You said: hello"


def test_worker_that_hangs_is_ended_and_shows_where(stage: Stage) -> None:
    stage.start_ingress()
    speak(stage, after=100.0)
    worker = stage.start_worker(LARKSPUR_WORKER__GRACE="0.2")
    message_id = begun(stage, worker)

    with stopped(stage):
        worker.send(signal.SIGTERM)
        code = worker.ended()

    assert code == 1
    assert "most recent call first" in worker.log()
    speak(stage)
    stage.start_worker()
    assert stage.answer(message_id) == "You said: hello"
    assert len(stage.answers(message_id)) == 1


@pytest.mark.simulator("--first-token-delay", "9")
def test_wake_that_comes_while_a_worker_stops_is_left_for_others(stage: Stage) -> None:
    """Redis may give it to the last BRPOP; it does not lie there until the last turn has ended."""
    stage.start_ingress()
    stopping, other = stage.start_worker(LARKSPUR_WORKER__GRACE=LONG), stage.start_worker()
    other.send(signal.SIGSTOP)
    begun(stage, stopping)

    stopping.send(signal.SIGTERM)
    stopping.says("worker.stopping")
    said = [stage.say("hello", user=user) for user in ("bob", "carol")]
    other.send(signal.SIGCONT)

    for message_id in said:
        assert stage.answer(message_id) == "You said: hello"
    assert len(other.events("turn.begun")) == 2
    assert other.events("wake.renewed") == []


def begun(stage: Stage, worker: Process) -> str:
    """Say something, and wait until its turn runs."""
    message_id = stage.say("hello")
    worker.says("turn.begun")
    return message_id
