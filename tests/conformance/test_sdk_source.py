"""What arrives through the ingress' source `sdk`, and how it is answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance.conftest import APP_ID, APP_SECRET, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.conftest import Lines, Simulator

OPTIONS = ("--ack-deadline=10", "--time-scale=50", "--reconnect-nonce=0")

BUTTON = {"tag": "button", "text": {"tag": "plain_text", "content": "Go"}}
CARD = {"schema": "2.0", "body": {"elements": [BUTTON]}}
PROGRAM = Path(__file__).with_name("sdk_source.py")


@pytest.fixture(scope="module")
def source(simulator: Simulator) -> Iterator[Lines]:
    with started(str(PROGRAM), simulator.url, APP_ID, APP_SECRET) as program:
        await_line(program, "ready")
        yield program


def await_line(program: Lines, *starts: str) -> list[str]:
    """Wait for a line that starts with one of these words."""
    while (words := program.next())[0] not in starts:
        pass
    return words


def press(simulator: Simulator, value: str) -> Any:
    card = simulator.send_card(CARD)
    action = {"tag": "button", "value": {"act": value}}
    return simulator.post("/_sim/press", {"message_id": card, "action": action})


def test_message_is_taken_with_its_trace_and_acked(simulator: Simulator, source: Lines) -> None:
    said = simulator.say("hello")

    _, text, trace_id = source.next()

    assert (text, len(trace_id)) == ("hello", 32)
    simulator.await_acks(said["event_id"], [200])


@pytest.mark.parametrize("text", ["again", "never"])
def test_message_that_was_not_stored_is_acked_500_and_comes_again(
    simulator: Simulator, source: Lines, text: str
) -> None:
    said = simulator.say(text)

    taken = [source.next(), source.next()]

    assert [words[1] for words in taken] == [text, text]
    simulator.await_acks(said["event_id"], [500, 200])


def test_message_behind_one_that_waits_is_answered_after_it(
    simulator: Simulator, source: Lines
) -> None:
    simulator.say("never-again")
    said = simulator.say("behind")

    taken = [source.next()[1] for _ in range(3)]

    assert taken[0] == "never-again"
    assert sorted(taken[1:]) == ["behind", "never-again"]
    simulator.await_acks(said["event_id"], [200])


def test_split_message_is_taken_once(simulator: Simulator, source: Lines) -> None:
    asked = {"user": "bob", "chat": "p2p", "text": "parts", "parts": 5, "order": "reversed"}

    said = simulator.post("/_sim/split", asked)

    assert source.next()[:2] == ["took", "parts"]
    simulator.await_acks(said["event_id"], [200])


def test_press_is_answered_with_its_toast(simulator: Simulator, source: Lines) -> None:
    shown = press(simulator, "approve")

    assert source.next() == ["pressed", "approve"]
    assert (shown["toast"], shown["error"]) == ({"type": "success", "content": "approve"}, None)


def test_press_in_a_card_frame_is_not_dropped(simulator: Simulator, source: Lines) -> None:
    simulator.post("/_sim/faults", {"kind": "card_frames"})

    shown = press(simulator, "approve")

    assert source.next() == ["pressed", "approve"]
    assert (shown["toast"], shown["error"]) == ({"type": "success", "content": "approve"}, None)


@pytest.mark.parametrize("fault", ["kill_socket", "close"])
def test_it_hears_again_after_losing_its_socket(
    simulator: Simulator, source: Lines, fault: str
) -> None:
    simulator.post("/_sim/faults", {"kind": fault})
    simulator.await_connection()

    simulator.say("back")

    assert await_line(source, "took")[1] == "back"
