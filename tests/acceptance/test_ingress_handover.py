"""A rollout of the ingress has no gap: the successor connects before the old one lets go."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.mischief import ALWAYS, connections, order, taken, told
from tests.acceptance.outages import heard
from tests.eventually import eventually
from tests.stage import fetch

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage

RATE = 50
SWAPS = 4
LONG = "60"
BY_BAD_LUCK = 1
"""Events sent while a close is on its way come again: one in 300 closes if the machine has thrice
as much to do as it can, else none in thousands (docs/long-connection.md)."""


def flood(stage: Stage, until: Event) -> int:
    """Have messages said at a steady rate; return how many it were."""
    said = 0
    while not until.is_set():
        burst = json.dumps({"rate": RATE, "count": RATE}).encode()
        said += fetch(f"{stage.simulator_url}/_sim/burst", burst)["count"]
    return said


@pytest.mark.simulator(
    *("--limits", "off", "--first-token-delay", "0", "--tokens-per-second", "inf"),
    *("--ack-deadline", "10", "--keep", "100000"),
)
def test_swaps_under_load_lose_nothing_and_answer_nothing_twice(stage: Stage) -> None:
    ingresses = [stage.start_ingress(LARKSPUR_INGRESS__GRACE="0.2")]
    stage.start_worker(LARKSPUR_LIMITS__PER_CHAT="1000000", LARKSPUR_LIMITS__PER_MINUTE="1000000")
    swapped = Event()

    with ThreadPoolExecutor() as pool:
        flooding = pool.submit(flood, stage, swapped)
        for _ in range(SWAPS):
            ingresses.append(stage.beside().start_ingress(LARKSPUR_INGRESS__GRACE="0.2"))
            ingresses[-2].send(signal.SIGTERM)
            assert ingresses[-2].ended() == 0
        swapped.set()
        said = flooding.result()

    *retired, _ = ingresses
    stats = eventually(lambda: _when_acked(stage, said))
    assert stats["redelivered"] <= BY_BAD_LUCK
    assert [_close_codes(stage, each) for each in retired] == [["1000"]] * SWAPS
    assert not any(told(each, "ingress.left_unanswered") for each in retired)
    assert set(eventually(lambda: _when_answered(stage, said)).values()) == {1}


def test_told_to_stop_it_goes_on_for_the_grace_and_says_so(stage: Stage) -> None:
    ingress = stage.start_ingress(LARKSPUR_INGRESS__GRACE=LONG)

    ingress.send(signal.SIGTERM)

    ingress.says("ingress.stopping")
    assert stage.get_ready() == (False, {"process": "stopping"})
    stage.acked(stage.say("hello"))
    ingress.send(signal.SIGTERM)
    assert ingress.ended() == 0
    assert _close_codes(stage, ingress) == ["1000"]


def test_interrupted_it_does_not_wait_for_a_successor(stage: Stage) -> None:
    ingress = stage.start_ingress(LARKSPUR_INGRESS__GRACE=LONG)

    ingress.send(signal.SIGINT)

    assert ingress.ended() == 0
    assert _close_codes(stage, ingress) == ["1000"]


@pytest.mark.simulator("--ack-deadline", "10")
def test_last_one_finishes_what_is_in_flight(stage: Stage) -> None:
    ingress = stage.start_ingress()
    assert stage.valkey.process is not None
    stage.valkey.process.send_signal(signal.SIGSTOP)
    message_ids = [stage.say("hello", user="alice")]
    since = time.monotonic()
    message_ids.append(stage.say("hello", user="bob"))
    heard(stage, since)

    ingress.send(signal.SIGTERM)
    ingress.says("ingress.stopping")
    stage.valkey.process.send_signal(signal.SIGCONT)

    assert ingress.ended() == 0
    for message_id in message_ids:
        assert [each["ack_code"] for each in stage.deliveries(message_id)] == [200]


def test_it_can_stop_while_nobody_answers_it(stage: Stage) -> None:
    hanging = order(stage, "discovery", count=ALWAYS, hang=True)
    ingress = stage.start_ingress(ready=False)
    eventually(lambda: taken(stage, hanging))

    ingress.send(signal.SIGTERM)

    assert ingress.ended() == 0
    stopping, stopped = told(ingress, "ingress.stopping"), told(ingress, "ingress.stopped")
    assert (len(stopping), len(stopped), connections(stage)) == (1, 1, 0)


def _when_acked(stage: Stage, count: int) -> dict[str, Any]:
    stats: dict[str, Any] = stage.get("/_sim/stats")
    return stats if stats["acked"] >= count else {}


def _when_answered(stage: Stage, count: int) -> Counter[str]:
    """Return how many answers each message has, once all have one."""
    messages = stage.get(f"/_sim/messages?limit={3 * count}")
    asked = {m["message_id"] for m in messages if not m.get("parent_id")}
    answers = Counter(str(m["parent_id"]) for m in messages if m.get("parent_id"))
    return answers if len(asked) == count and asked == set(answers) else Counter()


def _close_codes(stage: Stage, ingress: Process) -> list[str]:
    """Return with which codes the platform saw an ingress close its connections."""
    ids = {line["device_id"] for line in told(ingress, "connection.opened")}
    closed = [line for line in stage.simulator.log().splitlines() if "connection.closed" in line]
    return [line.partition("code=")[2].split()[0] for line in closed if line.split("=")[-1] in ids]
