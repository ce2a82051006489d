"""A Redis that will never do ends a process with 78, and says what would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.ports import free_port
from tests.servers import Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.stage import Stage

COMMANDS = {
    "ingress": ("-m", "ingress"),
    "worker": ("-m", "cli", "worker"),
    "celery": ("-m", "celery", "--app", "workers.app", "worker"),
    "check": ("-m", "cli", "check"),
}


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """The URL of a server of a cluster, as if it were one of its own."""
    bus = ("--cluster-port", str(free_port()))
    one = Server(tmp_path / "cluster", "--cluster-enabled", "yes", *bus)
    with running(one):
        yield f"redis://127.0.0.1:{one.port}/0"


@pytest.mark.parametrize("command", COMMANDS)
def test_cluster_is_refused(stage: Stage, cluster: str, command: str) -> None:
    process = stage.start(command, *COMMANDS[command], REDIS_URL=cluster)

    assert process.ended() == 78
    assert "REDIS_URL: Redis Cluster is not supported" in process.log()
    assert "sentinel://" in process.log()


@pytest.mark.parametrize("command", ["ingress", "worker", "check"])
def test_url_that_is_none_is_refused_in_one_line(stage: Stage, command: str) -> None:
    process = stage.start(command, *COMMANDS[command], REDIS_URL="redis://:hu/sh@localhost")

    assert process.ended() == 78
    (line,) = (line for line in process.log().splitlines() if "REDIS_URL" in line)
    assert line.endswith("holds a / or ? before the @; percent-encode it in the password")
    assert "hu/sh" not in process.log()


def test_worker_waits_for_a_redis_that_may_come(stage: Stage) -> None:
    stage.kill_valkey()
    worker = stage.start("worker", "-m", "cli", "worker")
    worker.says("redis.away")

    stage.start_valkey()

    worker.says("worker.ready")
