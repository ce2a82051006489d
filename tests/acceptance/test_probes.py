"""Who watches the ingress is told the truth: probes with their reasons, and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from tests.acceptance.mischief import order
from tests.eventually import PATIENCE, eventually
from tests.factories import message, payload
from tests.stage import fetch

if TYPE_CHECKING:
    from tests.stage import Stage

pytestmark = pytest.mark.simulator("--ack-deadline", "60")  # an event that came twice counts twice

NUMBERS = {
    "larkspur_connected": "gauge",
    "larkspur_redis_up": "gauge",
    "larkspur_last_frame_age_seconds": "gauge",
    "larkspur_last_pong_age_seconds": "gauge",
    "larkspur_reconnects_total": "counter",
    "larkspur_deliveries_total": "counter",
    "larkspur_rejected_total": "counter",
    "larkspur_ack_seconds": "histogram",
    "larkspur_batch_size": "histogram",
}
MESSAGE = "im.message.receive_v1"


def deliveries(stage: Stage, kind: str, verdict: str) -> float:
    return stage.metric(f'larkspur_deliveries_total{{event_type="{kind}",verdict="{verdict}"}}')


def metrics(stage: Stage) -> str:
    with urlopen(f"{stage.ingress_url}/metrics", timeout=PATIENCE) as response:
        read: str = response.read().decode()
    return read


def probe(stage: Stage, name: str) -> Any:
    return fetch(f"{stage.ingress_url}/{name}")


def test_healthy_ingress_is_alive_and_ready(stage: Stage) -> None:
    stage.start_ingress()

    assert probe(stage, "livez") == {"alive": True, "reasons": {}}
    assert probe(stage, "readyz") == {"ready": True, "reasons": {}}
    assert stage.metric("larkspur_connected") == stage.metric("larkspur_redis_up") == 1


def test_waiting_for_a_far_side_is_not_ready_but_alive(stage: Stage) -> None:
    order(stage, "discovery", count=None, code=1)
    ingress = stage.start_ingress(ready=False)
    ingress.says("connection.ended")

    stage.kill_valkey()

    eventually(lambda: set(probe(stage, "readyz")["reasons"]) == {"redis", "socket"})
    assert probe(stage, "livez") == {"alive": True, "reasons": {}}
    assert stage.metric("larkspur_connected") == stage.metric("larkspur_redis_up") == 0


def test_every_number_is_there_with_its_kind(stage: Stage) -> None:
    stage.start_ingress()
    stage.acked(stage.say("hello"))

    described = metrics(stage)

    for name, kind in NUMBERS.items():
        assert f"# TYPE {name} {kind}\n" in described
    for histogram in ("larkspur_ack_seconds", "larkspur_batch_size"):
        assert stage.metric(f"{histogram}_count") == 1


def test_deliveries_are_counted_by_type_and_verdict(stage: Stage) -> None:
    stage.start_ingress(LARKSPUR_INGRESS__KEEP="approval_instance")
    event = payload(message())

    for one in (event, event, b"{}", b'{"header": {"event_type": "moon.landed_v1"}, "event": {}}'):
        stage.post("/_sim/events", one)
    stage.post("/_sim/events?raw=1", b"not json")

    eventually(lambda: deliveries(stage, MESSAGE, "accepted") == 1)
    eventually(lambda: deliveries(stage, MESSAGE, "duplicate") == 1)
    eventually(lambda: deliveries(stage, "other", "ignored") == 1)
    eventually(lambda: deliveries(stage, "unreadable", "rejected") == 2)


def test_types_from_outside_make_no_labels_of_their_own(stage: Stage) -> None:
    stage.start_ingress(LARKSPUR_INGRESS__KEEP="*,named.by_us_v1")

    for number in range(200):
        _fire(stage, f"made.up_{number}_v1")
    _fire(stage, "named.by_us_v1")
    _fire(stage, "x" * 100_000)
    _fire(stage, 'no"label\\n')

    eventually(lambda: deliveries(stage, "other", "accepted") == 200)
    eventually(lambda: deliveries(stage, "named.by_us_v1", "accepted") == 1)
    eventually(lambda: stage.metric('larkspur_rejected_total{reason="bad_event_type"}') == 2)
    assert metrics(stage).count("larkspur_deliveries_total{") == 3


def _fire(stage: Stage, event_type: str) -> None:
    event = message()
    stage.post(
        "/_sim/events", payload({**event, "header": {**event["header"], "event_type": event_type}})
    )
