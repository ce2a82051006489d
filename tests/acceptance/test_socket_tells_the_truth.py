"""Promise 5: the socket tells the truth, and one that is dead or deaf is replaced in time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.mischief import (
    ALWAYS,
    clear,
    connections,
    fewest_connections,
    heard_just_now,
    moment,
    order,
    reconnects,
    told,
)
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage

DISCOVERY = "/callback/ws/endpoint"
"""The only thing that is asked for, and no call of the API."""

NOISE = 10
"""Seconds a busy machine is granted on top of what is promised."""

pytestmark = pytest.mark.simulator("--ping-interval", "1")


def in_time(ping_interval: float) -> float:
    """Return within how many seconds a dead or deaf connection is to be replaced."""
    return 2 * ping_interval + 10 + NOISE


def answered(stage: Stage, text: str) -> bool:
    return stage.answer(stage.say(text)).startswith(f"You said: {text}")


def test_connection_that_ends_is_replaced_and_counted_by_its_cause(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    endings: list[tuple[str, dict[str, Any], str]] = [
        ("kill_socket", {}, "broken"),
        ("close", {"code": 1000}, "closed"),
        ("close", {"code": 1001}, "closed"),
        ("close", {"code": 1006}, "closed"),
        ("close", {"code": 4007}, "closed"),
    ]

    for number, (kind, asked, cause) in enumerate(endings):
        heard_just_now(stage)
        before = reconnects(stage, cause)

        order(stage, kind, **asked)

        eventually(lambda cause=cause, before=before: reconnects(stage, cause) == before + 1)  # type: ignore[misc]
        eventually(lambda: stage.get_ready()[0])
        assert answered(stage, f"after end {number}")


@pytest.mark.parametrize("kind", ["kill_socket", "close"])
def test_lost_connection_is_not_ready_until_there_is_another(stage: Stage, kind: str) -> None:
    stage.start_ingress()
    assert stage.metric("larkspur_connected") == 1
    heard_just_now(stage)
    order(stage, "discovery", count=ALWAYS, code=1)

    order(stage, kind)

    reasons = eventually(lambda: stage.get_ready()[1])
    assert set(reasons) == {"socket"}
    assert stage.metric("larkspur_connected") == 0
    clear(stage)
    eventually(lambda: stage.get_ready()[0])
    assert stage.metric("larkspur_connected") == 1


@pytest.mark.parametrize("protocol", [False, True], ids=["theirs", "and_the_protocols"])
def test_connection_without_pongs_is_replaced_in_time(stage: Stage, protocol: bool) -> None:
    ingress = stage.start_ingress()
    heard_just_now(stage)
    began_at = time.time()

    order(stage, "no_pong", count=ALWAYS, protocol=protocol)

    ended = eventually(lambda: _ended_while_events_come(stage, ingress))
    clear(stage)
    eventually(lambda: stage.get_ready()[0])
    replaced_at = next(at for at in _openings(ingress) if at > moment(ended))
    assert ended["cause"] == "no_pong"
    assert replaced_at - began_at < in_time(1)


@pytest.mark.simulator("--ping-interval", "3")
def test_half_open_connection_is_found_by_its_pongs_and_replaced_in_time(stage: Stage) -> None:
    ingress = stage.start_ingress()
    stage.start_worker()
    eventually(lambda: stage.metric("larkspur_last_pong_age_seconds") < 0.5)
    heard_just_now(stage)  # after the last pong, so that pongs are the first to be missed
    began_at = time.time()

    order(stage, "freeze_socket", held=20)

    ended = eventually(lambda: told(ingress, "connection.ended"))[0]
    eventually(lambda: stage.get_ready()[0])
    assert ended["cause"] == "no_pong"
    assert _openings(ingress)[1] - began_at < in_time(3)
    assert answered(stage, "are you still there?")


def test_pong_and_frame_ages_grow_while_nothing_is_heard(stage: Stage) -> None:
    stage.start_ingress()
    heard_just_now(stage)

    order(stage, "freeze_socket")

    for age in ("larkspur_last_pong_age_seconds", "larkspur_last_frame_age_seconds"):
        eventually(lambda age=age: stage.metric(age) > 2)  # type: ignore[misc]


@pytest.mark.simulator("--ping-interval", "1", "--ack-deadline", "60")
def test_silent_connection_is_relieved_without_a_gap_and_without_a_call(stage: Stage) -> None:
    order(stage, "discovery", count=3)  # failures of long ago, which must not delay the relief
    ingress = stage.start_ingress()
    heard_just_now(stage)
    began_at = time.time()

    order(stage, "silence", count=ALWAYS)

    eventually(lambda: reconnects(stage, "quiet") >= 2)
    assert _openings(ingress)[1] - began_at < in_time(1)
    assert told(ingress, "connection.retrying")[3]["seconds"] <= 0.5
    assert {call["path"] for call in stage.get("/_sim/calls")} == {DISCOVERY}
    clear(stage)
    stage.start_worker()
    assert answered(stage, "are you still there?")
    eventually(lambda: connections(stage) == 1)
    assert fewest_connections(stage.simulator) >= 1
    assert stage.get("/_sim/stats")["redelivered"] == 0
    assert {line["cause"] for line in told(ingress, "connection.ended")} == {"discovery"}


def test_event_that_was_pushed_into_the_silence_is_answered_after_it(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    heard_just_now(stage)
    order(stage, "silence", count=ALWAYS)
    message_id = stage.say("hello?")

    eventually(lambda: reconnects(stage, "quiet"))
    clear(stage)

    assert stage.answer(message_id).startswith("You said: hello?")


def _openings(ingress: Process) -> list[float]:
    return [moment(line) for line in told(ingress, "connection.opened")]


def _ended_while_events_come(stage: Stage, ingress: Process) -> dict[str, Any]:
    stage.say("are you there?")  # or it would be relieved for being quiet
    time.sleep(0.2)
    ended = told(ingress, "connection.ended")
    return ended[0] if ended else {}
