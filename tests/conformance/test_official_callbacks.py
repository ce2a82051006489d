"""The official WebSocket client under the faults of the gateway, and its answers to callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.conftest import Lines, Simulator

BUTTON = {"tag": "button", "text": {"tag": "plain_text", "content": "Go"}}
CARD = {"schema": "2.0", "body": {"elements": [{"tag": "markdown", "content": "before"}, BUTTON]}}


@pytest.fixture(scope="module")
def card(simulator: Simulator) -> str:
    """The id of a message that shows a card."""
    return simulator.send_card(CARD)


def press(simulator: Simulator, card: str, value: object) -> Any:
    action = {"tag": "button", "value": value}
    return simulator.post("/_sim/press", {"message_id": card, "action": action})


def test_press_is_answered_with_toast_and_card(
    simulator: Simulator, sdk_socket: Lines, card: str
) -> None:
    shown = press(simulator, card, {"act": "approve"})

    assert sdk_socket.next() == ["pressed", "approve"]
    assert (shown["toast"], shown["error"]) == ({"type": "success", "content": "approve"}, None)
    assert shown["card"]["body"]["elements"][0]["content"] == "approve"


def test_failing_handler_shows_the_user_an_error(
    simulator: Simulator, sdk_socket: Lines, card: str
) -> None:
    shown = press(simulator, card, {"no": "act"})

    assert shown["error"]["code"] == 200671


def test_client_cannot_read_a_value_that_is_a_string(
    simulator: Simulator, sdk_socket: Lines, card: str
) -> None:
    shown = press(simulator, card, "approve")

    assert shown["error"]["code"] == 200671


def test_client_drops_card_frames_without_an_ack(
    simulator: Simulator, sdk_socket: Lines, card: str
) -> None:
    simulator.post("/_sim/faults", {"kind": "card_frames"})

    shown = press(simulator, card, {"act": "approve"})

    assert shown["error"]["code"] == 200341


@pytest.mark.parametrize("fault", ["kill_socket", "close"])
def test_client_comes_back_after_losing_its_socket(
    simulator: Simulator, sdk_socket: Lines, fault: str
) -> None:
    simulator.post("/_sim/faults", {"kind": fault})
    simulator.await_connection()

    said = simulator.say("back")

    assert sdk_socket.next() == ["handled", said["event_id"], "back"]


def test_client_retries_a_busy_discovery(simulator: Simulator, sdk_socket: Lines) -> None:
    simulator.post("/_sim/config", {"ReconnectInterval": 0})
    simulator.post("/_sim/faults", {"kind": "discovery", "code": 1, "count": 2})
    simulator.post("/_sim/faults", {"kind": "close"})
    simulator.await_connection()

    said = simulator.say("again")

    assert sdk_socket.next() == ["handled", said["event_id"], "again"]
