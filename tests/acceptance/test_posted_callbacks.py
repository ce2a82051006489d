"""Callbacks that are posted are answered in the same breath, with plain JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.acceptance.callbacks import (
    APPROVING,
    PRESSED,
    accepted,
    declare,
    deliveries,
    press,
    send_card,
)
from tests.acceptance.outages import mails
from tests.eventually import PATIENCE, eventually
from tests.factories import payload, pressed
from tests.posted import TOKEN, sealed, signed
from tests.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A Valkey, and an ingress that is posted to and has answers."""
    stage = Stage(tmp_path)
    stage.environment["LARKSPUR_INGRESS__SOURCES"] = "webhook"
    declare(stage, tmp_path)
    try:
        stage.start_valkey()
        stage.start_ingress()
        yield stage
    finally:
        stage.strike()


def post(stage: Stage, act: str, event_id: str) -> tuple[int, object]:
    """Post a click as the platform does; return the answer's status and JSON."""
    event = pressed(event_id=event_id, value={"act": act})
    event["header"]["token"] = TOKEN
    body = sealed(payload(event))
    headers = {**signed(body), "Content-Type": "application/json"}
    try:
        with urlopen(Request(stage.webhook_url, body, headers), timeout=PATIENCE) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


def test_posted_click_shows_its_answer(stage: Stage) -> None:
    stage.start_posting_simulator()
    card = send_card(stage)

    shown = press(stage, card, "approve")

    assert (shown["toast"], shown["error"]) == (APPROVING, None)
    assert accepted(stage, PRESSED) == 1


def test_answer_is_the_body_and_what_fails_leaves_it_empty(stage: Stage) -> None:
    assert post(stage, "approve", "e1") == (200, {"toast": APPROVING})
    assert post(stage, "approve", "e1") == (200, {"toast": APPROVING})
    for number, act in enumerate(("raise", "string", "set", "huge", "hang", "nothing"), 2):
        assert post(stage, act, f"e{number}") == (200, {}), act

    assert accepted(stage, PRESSED) == 7
    assert stage.metric(deliveries(PRESSED, "duplicate")) == 1


def test_posted_click_that_cannot_be_stored_is_refused(stage: Stage) -> None:
    stage.kill_valkey()

    assert post(stage, "approve", "e1") == (500, {})

    stage.start_valkey()
    eventually(lambda: stage.get_ready()[0])
    assert post(stage, "approve", "e1") == (200, {"toast": APPROVING})
    assert [mail.event_id for mail in mails(stage, "presses:oc_chat")] == ["e1"]
