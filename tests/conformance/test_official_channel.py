"""The SDK's own channel against the simulator: it receives, and replies in a streamed card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conformance.conftest import APP_ID, APP_SECRET, started
from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.conftest import Lines, Simulator

SDK_CHANNEL = Path(__file__).with_name("sdk_channel.py")


@pytest.fixture(scope="module")
def channel(simulator: Simulator) -> Iterator[Lines]:
    with started(str(SDK_CHANNEL), simulator.url, APP_ID, APP_SECRET) as program:
        ready = program.next()
        assert ready == ["ready", simulator.get("/_sim/world")["bot"]["open_id"]]
        yield program


def test_message_is_answered_in_a_streamed_card(simulator: Simulator, channel: Lines) -> None:
    said = simulator.say("hello from alice")

    _, message_id = channel.next()

    answered = simulator.get(f"/_sim/answers/{said['message_id']}?timeout={PATIENCE}")["answers"]
    assert [each["message_id"] for each in answered] == [message_id]
    assert answered[0]["text"] == "You said: hello from alice"
    assert answered[0]["revisions"] > 2
    simulator.await_acks(said["event_id"], [200])


def test_pressed_button_calls_the_channel_back(simulator: Simulator, channel: Lines) -> None:
    simulator.say("button")
    _, message_id = channel.next()
    action = {"tag": "button", "value": {"choice": "yes"}}

    shown = simulator.post(
        "/_sim/press", {"user": "alice", "message_id": message_id, "action": action}
    )

    assert shown["error"] is None
    assert channel.next() == ["pressed", "yes"]
