"""Promise 6, on the way to Redis: lines that are slow, go dead or break, and a flood."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.outages import (
    assert_never_restarted,
    assert_whole,
    codes,
    mails,
    order,
    refused,
    say,
)
from tests.eventually import eventually
from tests.forwarder import forwarding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.forwarder import Forwarder
    from tests.processes import Process
    from tests.stage import Stage


# A refusal is due after 2.5 s: the platform's 3 s are few for a machine that stands still.
pytestmark = pytest.mark.simulator("--ack-deadline", "8")


@pytest.fixture
def way(stage: Stage) -> Iterator[Forwarder]:
    """What stands between the ingress and Redis."""
    with forwarding(stage.valkey.port) as forwarder:
        yield forwarder


@pytest.fixture
def behind(stage: Stage, way: Forwarder) -> Process:
    """An ingress that has Redis behind `way`."""
    return stage.start_ingress(REDIS_URL=way.url)


def test_connection_that_goes_dead_is_left_for_another_in_time(
    stage: Stage, behind: Process, way: Forwarder
) -> None:
    way.hang()

    said = say(stage)

    assert [codes(stage, message_id) for message_id in said] == [[200]] * len(said)
    assert_whole(stage, behind, said)


def test_network_that_goes_dead_makes_it_refuse_until_it_lives(
    stage: Stage, behind: Process, way: Forwarder
) -> None:
    way.dead = True
    said = say(stage)

    refused(stage, said)

    assert stage.get_ready()[0] is False
    way.revive()
    assert_whole(stage, behind, said)


def test_connections_that_are_reset_are_made_anew(
    stage: Stage, behind: Process, way: Forwarder
) -> None:
    said = say(stage)
    for _ in range(3):
        stage.acked(said[-1])
        way.reset()
        said += say(stage)

    assert [codes(stage, message_id) for message_id in said] == [[200]] * len(said)
    assert_whole(stage, behind, said)


def test_burst_is_taken_in_time_though_redis_answers_slowly(
    stage: Stage, behind: Process, way: Forwarder
) -> None:
    way.slow = 0.2  # 300 answers, one by one, would take a minute

    burst(stage, 300)

    stats = eventually(lambda: settled(stage, 300))
    assert (stats["failed"], stats["redelivered"]) == (0, 0)
    assert stored(stage) == [f"burst {number}" for number in range(300)]
    assert_never_restarted(behind)


def test_redis_that_is_slow_from_the_start_is_used(stage: Stage, way: Forwarder) -> None:
    way.slow = 0.25  # to open a line takes four answers
    ingress = stage.start_ingress(REDIS_URL=way.url)

    said = say(stage)

    assert [codes(stage, message_id) for message_id in said] == [[200]] * len(said)
    assert_whole(stage, ingress, said)


def test_flood_is_refused_in_time_and_stored_when_redis_is_back(
    stage: Stage,
) -> None:
    ingress = stage.start_ingress()
    order(stage, "CLIENT PAUSE 600000 WRITE")

    burst(stage, 2000)
    eventually(lambda: stage.get("/_sim/stats")["failed"])
    order(stage, "CLIENT UNPAUSE")

    eventually(lambda: settled(stage, 2000))
    deliveries = stage.get("/_sim/deliveries?limit=10000")
    assert {one["error"] for one in deliveries} == {None, "the ack is not a success"}
    assert sorted(stored(stage)) == sorted(f"burst {number}" for number in range(2000))
    assert eventually(lambda: stage.metric("larkspur_redis_up")) == 1
    assert_never_restarted(ingress)


def burst(stage: Stage, count: int) -> None:
    stage.post("/_sim/burst", {"count": count, "rate": 1000})


def stored(stage: Stage) -> list[str]:
    """Return the texts that wait in alice's mailbox, in order."""
    chats = stage.get("/_sim/world")["chats"]
    chat = next(chat["chat_id"] for chat in chats if chat["name"] == "alice")
    messages = [json.loads(mail.payload)["event"]["message"] for mail in mails(stage, chat)]
    return [json.loads(message["content"])["text"] for message in messages]


def settled(stage: Stage, count: int) -> dict[str, Any]:
    """Return the simulator's numbers once so many events are taken."""
    stats: dict[str, Any] = stage.get("/_sim/stats")
    return stats if stats["acked"] >= count else {}
