"""Whatever discovery and handshake say: it waits, says so, and is back as soon as it can be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.gateway.sockets import pong
from tests.acceptance.mischief import (
    ALWAYS,
    clear,
    connections,
    heard_just_now,
    order,
    reconnects,
    taken,
    told,
)
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage

REFUSALS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "busy": ("discovery", {"code": 1}, "discovery", "1: system busy"),
    "internal_error": ("discovery", {"code": 1000040343}, "discovery", "1000040343"),
    "500": ("discovery", {"status": 500, "code": 7}, "discovery", "7: error"),
    "400": ("discovery", {"status": 400, "code": 9499}, "refused", "9499"),
    "50_connections": ("discovery", {"code": 1000040350}, "too_many_connections", "1000040350"),
    "50_at_the_handshake": (
        "handshake",
        {"autherr": 1000040350},
        "too_many_connections",
        "514 1000040350",
    ),
    "stale_ticket": ("handshake", {}, "handshake", "514 1000040345"),
    "forbidden": ("handshake", {"status": 403, "autherr": 403}, "handshake", "403"),
}
FOR_A_HUMAN = [1000040346, 403, 1000040345]
TOKENS = "/open-apis/auth/v3/tenant_access_token/internal"

ODD_CONFIGS: list[Any] = [
    {},
    {"PingInterval": 0},
    {"PingInterval": -5, "ReconnectInterval": -1, "ReconnectNonce": -1},
    {"PingInterval": 10**9, "ReconnectInterval": 10**9, "ReconnectNonce": 10**9},
    {"PingInterval": "1", "ReconnectInterval": "x", "ReconnectNonce": ""},
    {"PingInterval": None, "ReconnectInterval": None, "ReconnectNonce": None},
    {"PingInterval": [1], "ReconnectCount": {}, "ReconnectNonce": True},
    {"PingInterval": 1e300, "ReconnectInterval": 0.0001},
    None,
    [],
    "a string",
    7,
]


@pytest.mark.parametrize("why", REFUSALS)
def test_refusal_is_waited_out_and_said(stage: Stage, why: str) -> None:
    kind, asked, cause, said = REFUSALS[why]
    order(stage, kind, count=ALWAYS, **asked)

    ingress = stage.start_ingress(ready=False)

    ingress.says("connection.retrying")
    eventually(lambda: reconnects(stage, cause) >= 2)
    ready, reasons = stage.get_ready()
    assert not ready
    assert said in reasons["socket"]
    assert {line["cause"] for line in told(ingress, "connection.ended")} == {cause}
    clear(stage)
    eventually(lambda: stage.get_ready()[0])
    stage.acked(stage.say("hello"))


def test_single_stale_ticket_costs_one_try(stage: Stage) -> None:
    order(stage, "handshake")

    stage.start_ingress()

    assert reconnects(stage, "handshake") == 1
    assert connections(stage) == 1


def test_discovery_that_hangs_is_given_up_and_tried_again(stage: Stage) -> None:
    hanging = order(stage, "discovery", count=ALWAYS, hang=True)
    stage.start_ingress(ready=False)
    eventually(lambda: taken(stage, hanging) >= 2)

    clear(stage)

    eventually(lambda: stage.get_ready()[0])
    assert reconnects(stage, "discovery") >= 1


@pytest.mark.simulator("--ping-interval", "1")
def test_discovery_that_hangs_while_connected_does_no_harm(stage: Stage) -> None:
    ingress = stage.start_ingress()
    hanging = order(stage, "discovery", count=ALWAYS, hang=True)

    eventually(lambda: taken(stage, hanging) >= 2)  # it looks for a relief

    assert stage.get_ready() == (True, {})
    stage.acked(stage.say("hello"))
    assert len(told(ingress, "connection.opened")) == connections(stage) == 1


@pytest.mark.parametrize("code", FOR_A_HUMAN)
def test_who_was_connected_once_does_not_believe_a_refusal(stage: Stage, code: int) -> None:
    ingress = stage.start_ingress()
    heard_just_now(stage)
    order(stage, "discovery", count=ALWAYS, code=code)

    order(stage, "kill_socket")

    eventually(lambda: reconnects(stage, "refused") >= 2)
    assert str(code) in stage.get_ready()[1]["socket"]
    clear(stage)
    eventually(lambda: stage.get_ready()[0])
    assert ingress.running
    stage.acked(stage.say("hello"))


@pytest.mark.parametrize("wrong", [10014, 10015])
@pytest.mark.parametrize("code", FOR_A_HUMAN)
def test_refusal_that_the_token_endpoint_confirms_exits_78(
    stage: Stage, code: int, wrong: int
) -> None:
    ingress = stage.start_ingress()
    order(stage, "http_error", count=ALWAYS, status=400, code=wrong, where={"api": TOKENS})
    order(stage, "discovery", count=ALWAYS, code=code)

    order(stage, "kill_socket")

    assert ingress.ended() == 78
    assert str(code) in ingress.log()
    assert str(wrong) in ingress.log()


@pytest.mark.simulator("--ping-interval", "1")
def test_absurd_config_from_discovery_and_pong_harms_nothing(stage: Stage) -> None:
    ingress = stage.start_ingress()

    for config in ODD_CONFIGS:
        clear(stage)
        odd = order(stage, "odd_config", count=ALWAYS, config=json.dumps(config))
        stage.post("/_sim/close?abort=1", {})
        eventually(lambda odd=odd: taken(stage, odd) >= 2)  # type: ignore[misc]
        eventually(lambda: stage.get_ready()[0])
        stage.acked(stage.say("hello"))

    assert ingress.running
    assert _bugs(stage) == 0


@pytest.mark.simulator("--ping-interval", "1")
def test_config_that_lacks_keys_changes_nothing_else(stage: Stage) -> None:
    stage.start_ingress()
    lacking = order(stage, "partial_config", count=ALWAYS, lacks="PingInterval+ReconnectNonce")

    eventually(lambda: taken(stage, lacking) >= 3)  # pings go on, so it has the interval still

    stage.acked(stage.say("hello"))
    assert stage.get_ready() == (True, {})


def test_pong_that_is_no_config_harms_nothing(stage: Stage) -> None:
    stage.start_ingress()
    payloads = [b"", b"{", b"\xff", b"[" * 100_000, b"1" * 5_000, b'{"PingInterval":1e999}']

    for payload in [*payloads, *(json.dumps(config).encode() for config in ODD_CONFIGS)]:
        stage.post("/_sim/frames", pong(payload, 1))

    stage.acked(stage.say("hello"))
    assert stage.get_ready() == (True, {})
    assert stage.metric('larkspur_rejected_total{reason="bad_pong"}') >= 3
    assert _bugs(stage) == reconnects(stage, "broken") == 0


def _bugs(stage: Stage) -> float:
    return stage.metric('larkspur_rejected_total{reason="bug"}')
