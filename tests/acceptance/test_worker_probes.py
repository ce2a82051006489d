"""Who watches a worker is told the truth: above all when it lives, but takes nothing."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from cli.ports import free_port
from tests.eventually import PATIENCE, eventually
from tests.forwarder import forwarding
from tests.stage import fetch, samples

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage

ALIVE = {"alive": True, "reasons": {}}
READY = {"ready": True, "reasons": {}}


class Watched:
    """A worker that serves probes."""

    def __init__(self, stage: Stage, *, ready: bool = True, **environment: str) -> None:
        port = str(free_port())
        self._url = f"http://127.0.0.1:{port}"
        environment = {**environment, "LARKSPUR_WORKER__PORT": port}
        self.process: Process = (
            stage.start_worker(**environment)
            if ready
            else stage.start("worker", "-m", "cli", "worker", **environment)
        )
        if ready:
            eventually(lambda: self.ask("readyz") == READY)

    def ask(self, probe: str, *, within: float = PATIENCE) -> Any:
        """Return the answer, None if there is none."""
        try:
            return fetch(f"{self._url}/{probe}", timeout=within)
        except OSError:
            return None

    def reasons(self) -> dict[str, str]:
        """Return why it is not ready."""
        answer = self.ask("readyz")
        return {} if answer is None else dict(answer["reasons"])

    def metric(self, name: str) -> float:
        return samples(self._url)[name]


def test_idle_worker_is_alive_and_ready_and_hears_from_redis(stage: Stage) -> None:
    worker = Watched(stage, LARKSPUR_WORKER__CONCURRENCY="7")

    assert worker.ask("livez") == ALIVE
    assert (worker.metric("larkspur_worker_places"), worker.metric("larkspur_worker_turns")) == (
        7,
        0,
    )
    assert worker.metric("larkspur_worker_ready") == worker.metric("larkspur_redis_up") == 1
    assert worker.metric("larkspur_worker_last_heard_age_seconds") < 10


@pytest.mark.simulator("--first-token-delay", "60")
def test_worker_with_every_place_taken_is_ready_though_it_asks_for_nothing(stage: Stage) -> None:
    stage.start_ingress()
    worker = Watched(stage, LARKSPUR_WORKER__CONCURRENCY="1")
    stage.say("hello")

    eventually(lambda: worker.metric("larkspur_worker_last_heard_age_seconds") > 20)

    assert worker.metric("larkspur_worker_turns") == 1
    assert (worker.ask("livez"), worker.ask("readyz")) == (ALIVE, READY)


def test_worker_whose_consumer_hears_nothing_is_not_ready_though_redis_answers(
    stage: Stage,
) -> None:
    with forwarding(stage.valkey.port) as way:
        worker = Watched(stage, REDIS_URL=way.url)
        way.deadly = b"BRPOP"

        reasons = eventually(worker.reasons)

        assert set(reasons) == {"consumer"}
        told = reasons["consumer"].removeprefix("has heard nothing from Redis for ")
        assert int(told.partition(" s, which answers")[0]) >= 15
        assert worker.metric("larkspur_redis_up") == 1
        way.deadly = None
        eventually(lambda: worker.ask("readyz") == READY)


def test_worker_that_stands_still_answers_no_probe(stage: Stage) -> None:
    worker = Watched(stage)

    worker.process.send(signal.SIGSTOP)
    # A signal is there when the system gets to it: a last answer may come first.
    eventually(lambda: worker.ask("livez", within=2) is None)
    worker.process.send(signal.SIGCONT)

    eventually(lambda: worker.ask("livez") == ALIVE)


def test_redis_that_is_away_makes_it_not_ready_but_no_new_process_would_help(
    stage: Stage,
) -> None:
    stage.kill_valkey()
    worker = Watched(stage, ready=False)

    eventually(lambda: set(worker.reasons()) == {"process", "redis"})
    assert worker.ask("livez") == ALIVE
    stage.start_valkey()
    eventually(lambda: worker.ask("readyz") == READY)
    stage.kill_valkey()
    eventually(lambda: set(worker.reasons()) == {"redis"})
    assert worker.ask("livez") == ALIVE


@pytest.mark.simulator("--first-token-delay", "10")
def test_worker_that_stops_is_alive_but_not_ready(stage: Stage) -> None:
    stage.start_ingress()
    worker = Watched(stage, LARKSPUR_WORKER__GRACE="60")
    stage.say("hello")
    worker.process.says("turn.begun")

    worker.process.send(signal.SIGTERM)

    eventually(lambda: worker.reasons() == {"process": "stopping"})
    assert worker.ask("livez") == ALIVE
    assert worker.process.ended() == 0


def test_taken_port_is_named_with_its_setting(stage: Stage) -> None:
    port = stage.environment["LARKSPUR_INGRESS__PORT"]
    stage.start_ingress()

    worker = stage.start("worker", "-m", "cli", "worker", LARKSPUR_WORKER__PORT=port)

    assert worker.ended() == 78
    assert f"LARKSPUR_WORKER__PORT: cannot listen on 127.0.0.1:{port}" in worker.log()
