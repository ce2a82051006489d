"""The official WebSocket client against the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.conftest import Lines, Simulator


def test_events_arrive_in_order_and_are_acked(simulator: Simulator, sdk_socket: Lines) -> None:
    said = [simulator.say(f"message-{number}") for number in range(20)]

    handled = [sdk_socket.next() for _ in said]

    assert [event_id for _, event_id, _ in handled] == [each["event_id"] for each in said]
    assert [text for _, _, text in handled] == [f"message-{number}" for number in range(20)]
    simulator.await_acks(said[-1]["event_id"], [200])


def test_event_of_a_failed_handler_comes_again(simulator: Simulator, sdk_socket: Lines) -> None:
    said = simulator.say("fail")

    handled = [sdk_socket.next(), sdk_socket.next()]

    assert handled == [["handled", said["event_id"], "fail"]] * 2
    simulator.await_acks(said["event_id"], [500, 200])


def test_event_of_a_slow_handler_comes_again(simulator: Simulator, sdk_socket: Lines) -> None:
    said = simulator.say("slow")

    handled = [sdk_socket.next(), sdk_socket.next()]

    assert handled == [["handled", said["event_id"], "slow"]] * 2
    simulator.await_acks(said["event_id"], [None, 200])


def test_split_event_is_put_together(simulator: Simulator, sdk_socket: Lines) -> None:
    asked = {"user": "bob", "chat": "p2p", "text": "parts", "parts": 5, "order": "reversed"}

    said = simulator.post("/_sim/split", asked)

    assert sdk_socket.next() == ["handled", said["event_id"], "parts"]
    simulator.await_acks(said["event_id"], [200])


def test_client_reconnects_after_the_server_closed(simulator: Simulator, sdk_socket: Lines) -> None:
    closed = simulator.post("/_sim/close", {})
    simulator.await_connection()

    said = simulator.say("back")

    assert closed == {"closed": 1}
    assert sdk_socket.next() == ["handled", said["event_id"], "back"]


def test_wrong_secret_is_the_clients_own_error(rejected_socket: Lines) -> None:
    assert rejected_socket.next() == ["raised", "ClientException", "1000040345"]
