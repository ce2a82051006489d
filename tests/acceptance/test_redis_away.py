"""Promise 6: back-pressure instead of loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage


# A refusal is due after 2.5 s: the platform's 3 s are few for a machine that stands still.
@pytest.mark.simulator("--ack-deadline", "8")
def test_event_that_redis_cannot_take_is_acked_500_and_comes_again(stage: Stage) -> None:
    stage.start_ingress()
    stage.kill_valkey()
    message_id = stage.say("hello")
    eventually(lambda: [one for one in stage.deliveries(message_id) if one["ack_code"] == 500])
    assert not stage.get_ready()[0]

    stage.start_valkey()
    stage.start_worker()

    assert stage.answer(message_id) == "You said: hello"
    eventually(lambda: stage.get_ready()[0])


def test_ingress_without_redis_waits_says_so_and_takes_no_events(stage: Stage) -> None:
    stage.kill_valkey()

    ingress = stage.start_ingress(ready=False)

    ingress.says("redis.away")
    ready, reasons = stage.get_ready()
    assert (ready, set(reasons)) == (False, {"redis", "socket"})
    assert stage.get("/_sim/health")["connections"] == 0
    stage.start_valkey()
    eventually(lambda: stage.get_ready()[0])
