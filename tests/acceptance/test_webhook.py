"""Events that are posted: the same promises, in any number of replicas, beside the socket too."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.balancer import balanced
from tests.eventually import eventually
from tests.posted import KEY, TOKEN
from tests.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOTH = {"LARKSPUR_INGRESS__SOURCES": "long_connection,webhook"}
DUPLICATES = 'larkspur_deliveries_total{event_type="im.message.receive_v1",verdict="duplicate"}'
ACCEPTED = 'larkspur_deliveries_total{event_type="im.message.receive_v1",verdict="accepted"}'


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A Valkey alone: the ingress has to be there before the simulator, which challenges it."""
    stage = Stage(tmp_path)
    stage.environment["LARKSPUR_INGRESS__SOURCES"] = "webhook"
    try:
        stage.start_valkey()
        yield stage
    finally:
        stage.strike()


def routes(deliveries: list[dict[str, Any]]) -> list[str]:
    return sorted(delivery["route"] for delivery in deliveries)


def test_message_that_is_posted_is_answered_and_nothing_private_leaks(stage: Stage) -> None:
    ingress = stage.start_ingress()
    simulator = stage.start_posting_simulator()
    stage.start_worker()

    message_id = stage.say("the merger is on friday")

    assert stage.answer(message_id) == "You said: the merger is on friday"
    assert "verified=True" in simulator.log()
    assert routes(stage.acked(message_id)) == ["webhook"]
    ingress.says(message_id)
    for private in (KEY, TOKEN, "merger"):
        assert private not in ingress.log()


def test_event_that_comes_both_ways_is_answered_once(stage: Stage) -> None:
    ingress = stage.start_ingress(ready=False, **BOTH)
    ingress.says("webhook.listening")
    stage.start_posting_simulator()
    eventually(lambda: stage.get_ready()[0])
    stage.start_worker()

    message_id = stage.say("hello")
    both = stage.acked(message_id, times=2)

    assert routes(both) == ["long connection", "webhook"]
    assert stage.metric(ACCEPTED) == 1
    # One at least: what was acked too late came once more.
    eventually(lambda: stage.metric(DUPLICATES) == len(stage.deliveries(message_id)) - 1)
    stage.answer(stage.say("and now?"))
    assert len(stage.answers(message_id)) == 1
    assert "request.rejected" not in ingress.log()


def test_event_that_redis_cannot_take_is_answered_500_and_comes_again(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_posting_simulator()
    stage.kill_valkey()
    message_id = stage.say("hello")
    eventually(lambda: [one for one in stage.deliveries(message_id) if one["ack_code"] == 500])

    stage.start_valkey()
    stage.start_worker()

    assert stage.answer(message_id) == "You said: hello"


def test_replicas_share_the_events_and_one_may_be_killed(stage: Stage) -> None:
    other = stage.beside()
    doomed, staying = stage.start_ingress(), other.start_ingress()
    with balanced(stage.webhook_url, other.webhook_url) as url:
        stage.start_posting_simulator(url)
        stage.start_worker()
        first = [stage.say(f"hello {number}", user="alice") for number in range(8)]
        eventually(lambda: min(stage.metric(ACCEPTED), other.metric(ACCEPTED)))

        doomed.kill()
        later = [stage.say(f"hello {number}", user="bob") for number in range(8)]

        for message_id in first + later:
            assert stage.answer(message_id).startswith("You said: hello")
            assert len(stage.answers(message_id)) == 1
    staying.send(signal.SIGTERM)
    assert staying.ended() == 0


def test_ingress_that_is_told_to_stop_answers_what_it_took(stage: Stage) -> None:
    ingress = stage.start_ingress()
    stage.start_posting_simulator()
    said = [stage.say(f"hello {number}") for number in range(20)]

    ingress.send(signal.SIGTERM)

    assert ingress.ended() == 0
    assert "ingress.left_unanswered" not in ingress.log()
    accepted = sum(line.get("count", 1) for line in ingress.events("delivery.answered"))
    eventually(lambda: _acked(stage, said) == accepted)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"FEISHU_ENCRYPT_KEY": "", "FEISHU_VERIFICATION_TOKEN": ""}, "FEISHU_ENCRYPT_KEY"),
        ({"LARKSPUR_INGRESS__SOURCES": "websocket"}, "long_connection, sdk, webhook"),
    ],
    ids=["no_keys", "no_such_source"],
)
def test_ingress_that_is_set_up_wrongly_does_not_start(
    stage: Stage, wrong: dict[str, str], named: str
) -> None:
    ingress = stage.start_ingress(ready=False, **wrong)

    assert ingress.ended() == 78
    assert named in ingress.log()


def test_ingress_whose_webhook_port_is_taken_names_it(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        ingress = stage.start_ingress(ready=False, LARKSPUR_WEBHOOK__PORT=port)

        assert ingress.ended() == 78
        assert "LARKSPUR_WEBHOOK__PORT" in ingress.log()


def _acked(stage: Stage, message_ids: list[str]) -> int:
    deliveries = [one for message_id in message_ids for one in stage.deliveries(message_id)]
    return sum(delivery["acked_at"] is not None for delivery in deliveries)
