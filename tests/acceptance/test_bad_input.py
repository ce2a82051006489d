"""Whatever comes over the wire: counted, logged with its reason, acked, and the link lives on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage

HEADER = b'{"event_type": "im.message.receive_v1", "event_id": "1"}'
NO_RETRY_CAN_CURE = {
    "not_json": b"\xff\xfe{",
    "not_an_object": b"[1, 2]",
    "no_event": b"{}",
    "no_event_type": b'{"schema": "2.0", "header": {"event_id": "1"}, "event": {}}',
    "no_event_id": b'{"header": {"event_type": "im.message.receive_v1"}, "event": {}}',
    "bad_event_id": b'{"header": {"event_type": "a", "event_id": "no\\nway"}, "event": {}}',
    "no_message": b'{"header": ' + HEADER + b', "event": {}}',
    "too_large": b'{"text": "' + b"a" * 10_000_000 + b'"}',
}


@pytest.mark.simulator("--ack-deadline", "60")
def test_unreadable_payload_is_counted_by_reason_and_acked(stage: Stage) -> None:
    ingress = stage.start_ingress()

    for payload in NO_RETRY_CAN_CURE.values():
        stage.post("/_sim/events?raw=1", payload)

    for reason in NO_RETRY_CAN_CURE:
        sample = f'larkspur_rejected_total{{reason="{reason}"}}'
        eventually(lambda sample=sample: stage.metric(sample))  # type: ignore[misc]
        assert f'"reason":"{reason}"' in ingress.log()
    stats = eventually(lambda: _when_acked(stage, len(NO_RETRY_CAN_CURE)))
    assert stats["failed"] == 0
    _assert_same_connection(stage)


def test_message_that_is_no_frame_is_counted_and_the_connection_lives(stage: Stage) -> None:
    stage.start_ingress()

    stage.post("/_sim/frames", b"this is not protobuf")
    stage.post("/_sim/frames", b"")
    stage.post("/_sim/frames?text=1", b"nor is this binary")

    eventually(lambda: stage.metric('larkspur_rejected_total{reason="not_a_frame"}') == 2)
    eventually(lambda: stage.metric('larkspur_rejected_total{reason="not_binary"}') == 1)
    _assert_same_connection(stage)


@pytest.mark.simulator("--ack-deadline", "60")
def test_event_of_a_kind_nobody_keeps_is_acked(stage: Stage) -> None:
    ingress = stage.start_ingress(LARKSPUR_INGRESS__KEEP="approval_instance")

    event = {"schema": "2.0", "header": {"event_type": "moon.landed_v1"}, "event": {}}
    stage.post("/_sim/events", event)

    ingress.says("delivery.ignored")
    assert eventually(lambda: _when_acked(stage, 1))["failed"] == 0


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("bell\u0007 and nul\u0000!", "bell\u0007 and nul\u0000!"),
        ("half a \ud83d pair", "half a \ufffd pair"),
        ("x" * 100_000, "x" * 100_000),
    ],
    ids=["control_characters", "surrogate_half", "100_kB"],
)
def test_awkward_text_is_answered(stage: Stage, text: str, heard: str) -> None:
    stage.start_ingress()
    stage.start_worker()

    message_id = stage.say(text)

    assert stage.answer(message_id).startswith(f"You said: {heard[:1000]}")


def _when_acked(stage: Stage, count: int) -> dict[str, Any]:
    stats = stage.get("/_sim/stats")
    return stats if stats["acked"] >= count else {}


def _assert_same_connection(stage: Stage) -> None:
    assert stage.get("/_sim/health")["connections"] == 1
    assert stage.metric('larkspur_reconnects_total{cause="closed"}') == 0
    eventually(lambda: json.dumps(stage.get_ready()[0]) == "true")
