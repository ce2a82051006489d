"""Callbacks are stored like every event, and answered while the user still looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.callbacks import (
    APPROVING,
    PRESSED,
    PREVIEWED,
    accepted,
    acks_of,
    declare,
    deliveries,
    fate,
    press,
    send_card,
)
from tests.acceptance.outages import mails
from tests.eventually import eventually
from tests.factories import pressed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stage import Stage


pytestmark = pytest.mark.simulator("--ack-deadline", "60")


@pytest.fixture
def answers(stage: Stage, tmp_path: Path) -> None:
    declare(stage, tmp_path)


@pytest.fixture(params=["event", "card"])
def frames(stage: Stage, request: pytest.FixtureRequest) -> str:
    """Callbacks come in frames of either type; which one the platform uses is open (facts 7)."""
    if request.param == "card":
        stage.post("/_sim/faults", {"kind": "card_frames"})
    return str(request.param)


def test_callbacks_are_stored_and_shown_as_taken(stage: Stage, frames: str) -> None:
    stage.start_ingress()
    card = send_card(stage)

    shown = press(stage, card, "approve")
    preview = stage.post(f"/_sim/events/{PREVIEWED}", {"url": "https://example.com/1"})

    assert (shown["toast"], shown["error"]) == (None, None)
    assert (preview["answer"], preview["error"]) == ({}, None)
    chat = next(message["chat_id"] for message in stage.messages())
    assert [mail.event_type for mail in mails(stage, f"presses:{chat}")] == [PRESSED, PREVIEWED]


def test_declared_answers_are_shown_at_once(stage: Stage, frames: str, answers: None) -> None:
    stage.start_ingress()
    card = send_card(stage)

    shown = press(stage, card, "approve")
    preview = stage.post(f"/_sim/events/{PREVIEWED}", {"url": "https://example.com/1"})

    assert (shown["toast"], shown["error"]) == (APPROVING, None)
    assert preview["answer"] == {"inline": {"title": "https://example.com/1"}}
    assert [fate(stage, PRESSED, "answered"), fate(stage, PREVIEWED, "answered")] == [1, 1]
    assert [accepted(stage, PRESSED), accepted(stage, PREVIEWED)] == [1, 1]


def test_functions_that_fail_cost_the_user_nothing_but_their_answer(
    stage: Stage, answers: None
) -> None:
    ingress = stage.start_ingress()
    card = send_card(stage)

    for act in ("raise", "string", "set", "huge", "hang"):
        shown = press(stage, card, act)
        assert (shown["toast"], shown["error"]) == (None, None), act

    assert (fate(stage, PRESSED, "failed"), fate(stage, PRESSED, "late")) == (4, 1)
    assert accepted(stage, PRESSED) == 5
    assert press(stage, card, "approve")["toast"] == APPROVING
    assert "a secret" not in ingress.log()


def test_second_click_is_another_event_and_a_repeated_one_is_answered_too(
    stage: Stage, answers: None
) -> None:
    stage.start_ingress()
    card = send_card(stage)
    click = pressed(event_id="click", value={"act": "approve"})

    assert press(stage, card, "approve")["toast"] == APPROVING
    assert press(stage, card, "approve")["toast"] == APPROVING
    for _ in range(2):
        stage.post("/_sim/events", click)

    acked = eventually(lambda: acks_of(stage, "click", 2))
    assert acked == [200, 200]
    assert accepted(stage, PRESSED) == 3
    assert stage.metric(deliveries(PRESSED, "duplicate")) == 1
    assert fate(stage, PRESSED, "answered") == 4


def test_click_that_cannot_be_stored_is_refused(stage: Stage, answers: None) -> None:
    stage.start_ingress()
    card = send_card(stage)
    stage.kill_valkey()

    shown = press(stage, card, "approve")

    assert (shown["toast"], shown["error"]["code"]) == (None, 200671)
    assert acks_of(stage, shown["event_id"], 1) == [500]
    stage.start_valkey()
    eventually(lambda: stage.get_ready()[0])
    assert press(stage, card, "approve")["toast"] == APPROVING
    assert accepted(stage, PRESSED) == 1


def test_click_is_done_with_and_the_messages_of_its_chat_go_on(stage: Stage, answers: None) -> None:
    stage.start_ingress()
    worker = stage.start_worker()
    card = send_card(stage)
    first = stage.say("before")

    press(stage, card, "approve")
    then = stage.say("after")

    assert stage.answer(first) == "You said: before"
    assert stage.answer(then).startswith("You said: after")
    worker.says('"reason":"not_ours"')


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_module", "No module named"),
        ("landed = undefined", "NameError"),
        ("pressed = None", "declares no instant answer"),
    ],
    ids=["import", "raises", "nothing"],
)
def test_module_that_will_not_do_ends_the_ingress_with_its_name(
    stage: Stage, tmp_path: Path, source: str, reason: str
) -> None:
    declare(stage, tmp_path, source)

    ingress = stage.start_ingress(ready=False)

    assert ingress.ended() == 78
    assert "LARKSPUR_INGRESS__INSTANT: team_answers: " in ingress.log()
    assert reason in ingress.log()
    assert "Traceback" not in ingress.log()
