"""Promise 6: what Redis cannot take waits, else it is refused in time and comes again."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from redis import ResponseError

from cli.ports import free_port
from tests.acceptance.outages import (
    assert_whole,
    codes,
    heard,
    order,
    outage,
    refused,
    say,
    stopped,
)
from tests.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.processes import Process
    from tests.stage import Stage

PATIENT = ("--ack-deadline", "8")
"""A platform that waits for longer than its 3 s: a refusal is due after 2.5 s, and a machine that
stands still for a moment makes it late."""

pytestmark = pytest.mark.simulator(*PATIENT)

IN_TIME = 1.5
"""Seconds of an outage that the platform does not notice, with room for a busy machine."""

VERDICT = 'larkspur_deliveries_total{{event_type="im.message.receive_v1",verdict="{}"}}'


@pytest.fixture
def ingress(stage: Stage) -> Process:
    return stage.start_ingress()


def test_redis_that_is_back_within_the_time_costs_no_redelivery(
    stage: Stage, ingress: Process
) -> None:
    with outage(at_most=IN_TIME):
        stage.kill_valkey()
        said = say(stage)
        stage.start_valkey()

    assert [codes(stage, message_id) for message_id in said] == [[200]] * len(said)
    assert_whole(stage, ingress, said)


def test_redis_that_stays_away_makes_it_refuse_and_say_why(stage: Stage, ingress: Process) -> None:
    stage.kill_valkey()
    said = say(stage)

    refused(stage, said)

    ready, reasons = stage.get_ready()
    assert (ready, set(reasons)) == (False, {"redis"})
    says_why(stage, "refused")
    assert stage.metric("larkspur_redis_up") == 0
    stage.start_valkey()
    for message_id in said:
        stage.acked(message_id)
    # Nothing was claimed but what was stored: by an attempt that outlived the refusal.
    assert stage.metric(VERDICT.format("duplicate")) == stage.metric(VERDICT.format("late"))
    assert_whole(stage, ingress, said)


def test_ingress_that_is_told_to_stop_meanwhile_refuses_what_it_has_and_goes(
    stage: Stage, ingress: Process
) -> None:
    order(stage, "CLIENT PAUSE 8000 ALL")
    since = time.monotonic()
    said = say(stage)
    heard(stage, since)

    ingress.send(signal.SIGTERM)

    refused(stage, said)
    assert ingress.ended() == 0
    assert "ingress.left_unanswered" not in ingress.log()


def test_redis_that_was_restarted_unnoticed_takes_the_next_event(
    stage: Stage, ingress: Process
) -> None:
    said = say(stage)
    for message_id in said:
        stage.acked(message_id)
    stage.kill_valkey()
    stage.start_valkey()
    order(stage, "SCRIPT FLUSH")

    said += say(stage)

    assert [codes(stage, message_id) for message_id in said] == [[200]] * len(said)
    assert_whole(stage, ingress, said)


def test_redis_that_pauses_for_a_second_costs_no_redelivery(stage: Stage, ingress: Process) -> None:
    order(stage, "CLIENT PAUSE 1000 ALL")

    said = say(stage)

    assert [codes(stage, message_id) for message_id in said] == [[200]] * len(said)
    assert_whole(stage, ingress, said)


@pytest.mark.parametrize("mode", ["ALL", "WRITE"])
def test_redis_that_pauses_for_longer_makes_it_refuse(
    stage: Stage, ingress: Process, mode: str
) -> None:
    order(stage, f"CLIENT PAUSE 8000 {mode}")
    said = say(stage)

    refused(stage, said)

    assert stage.get_ready()[0] is False
    assert_whole(stage, ingress, said)


def test_redis_that_is_stopped_for_a_second_costs_no_redelivery(
    stage: Stage, ingress: Process
) -> None:
    with outage(at_most=IN_TIME), stopped(stage):
        said = say(stage)
        time.sleep(0.5)

    assert [codes(stage, message_id) for message_id in said] == [[200]] * len(said)
    assert_whole(stage, ingress, said)


@pytest.mark.simulator("--first-token-delay", "1", *PATIENT)
def test_redis_that_is_stopped_in_the_middle_of_everything_costs_no_second_answer(
    stage: Stage, ingress: Process
) -> None:
    worker = stage.start_worker()
    said = say(stage)
    worker.says("turn.begun")

    with stopped(stage):  # what was sent before may run when it goes on
        later = say(stage)
        refused(stage, later)
        assert stage.get_ready()[0] is False

    assert_whole(stage, ingress, said + later, worker=False)


@pytest.mark.parametrize(
    ("ill", "well", "reason"),
    [
        ("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0", "maxmemory"),
        ("REPLICAOF 127.0.0.1 {free_port}", "REPLICAOF NO ONE", "read only replica"),
    ],
    ids=["full", "read_only"],
)
def test_redis_that_takes_no_writes_makes_it_refuse_though_it_answers_pings(
    stage: Stage, ingress: Process, ill: str, well: str, reason: str
) -> None:
    order(stage, ill.format(free_port=free_port()))
    assert order(stage, "PING")
    said = say(stage)

    refused(stage, said)

    says_why(stage, reason)
    order(stage, well)
    assert_whole(stage, ingress, said)


def test_redis_that_cannot_save_makes_it_refuse(stage: Stage, ingress: Process) -> None:
    in_the_way = stage.valkey.log.parent / "dump.rdb"
    in_the_way.mkdir()
    order(stage, "CONFIG SET save '3600 1'")
    order(stage, "BGSAVE")
    eventually(lambda: "Background saving error" in stage.valkey.log.read_text())
    said = say(stage)

    refused(stage, said)

    says_why(stage, "MISCONF")
    in_the_way.rmdir()
    order(stage, "BGSAVE")
    assert_whole(stage, ingress, said)


@pytest.fixture
def ballast(stage: Stage) -> Iterator[Path]:
    """A file that fills the disk Redis writes to; it is not there yet."""
    folder = stage.valkey.log.parent
    stage.valkey.stop()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk that is small enough to fill")
    try:
        stage.start_valkey()
        yield folder / "ballast"
    finally:
        stage.valkey.stop()
        subprocess.run(["umount", str(folder)], check=True)


def test_disk_that_is_full_makes_it_refuse_until_there_is_room(stage: Stage, ballast: Path) -> None:
    ingress = stage.start_ingress()
    fill(ballast)
    eventually(lambda: cannot_write(stage))
    said = say(stage)

    refused(stage, said)

    says_why(stage, "MISCONF")
    ballast.unlink()
    assert_whole(stage, ingress, said)


def says_why(stage: Stage, reason: str) -> None:
    """Wait for a reason not to be ready: an attempt that took long says that Redis is slow."""
    eventually(lambda: reason in stage.get_ready()[1].get("redis", ""))


def fill(ballast: Path) -> None:
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def cannot_write(stage: Stage) -> bool:
    """Write more than there is room for in a page that is begun."""
    try:
        order(stage, f"SET filler {'x' * 5000}")
    except ResponseError:
        return True
    return False
