"""What may happen to a running Larkspur, one trouble after the other, drawn at random."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.processes import Process
    from tests.stage import Stage

FAULTS: Final = (
    "kill_socket:",
    "freeze_socket:held=20",
    "close:code=1001",
    "silence:lasts=15",
    "no_pong:lasts=15",
    "discovery:code=1,count=3",
    "discovery:hang=true,count=1",
    "handshake:count=2",
    "partial_config:lacks=PingInterval+ReconnectInterval,count=2",
    "drop_ack:count=5",
    "delay_ack:seconds=4,count=5",
    "duplicate:count=5",
    "new_event_id:count=5",
    "reorder:count=3",
    "split:parts=3,reversed=true,count=5",
    "http_error:status=500,count=3",
    "lost_answer:count=2",
)
"""Orders to the simulator; each is spent, or expires by itself."""

AT_CONNECTING: Final = ("discovery", "handshake", "partial_config")
"""Orders that only a new connection spends."""

READY_WITHIN: Final = 60.0
"""Seconds: discovery may hang, and handshakes fail, before one succeeds."""


@dataclass
class Running:
    """The processes that a soak keeps alive, and whatever replaces them."""

    stage: Stage
    ingress: Process
    worker: Process


def faulty_platform(running: Running, chance: Random) -> str:
    order = chance.choice(FAULTS)
    running.stage.post("/_sim/faults", {"flag": order})
    if order.startswith(AT_CONNECTING):  # unspent they would pile up, until one connect meets all
        running.stage.post("/_sim/faults", {"flag": "kill_socket:"})
    if "lasts=" in order:  # a second one on its heels would outlast the ladder
        kind = order.partition(":")[0]
        eventually(lambda: kind not in _standing(running.stage), within=60)
    return order


def _standing(stage: Stage) -> set[str]:
    return {fault["kind"] for fault in stage.get("/_sim/faults")}


def killed_ingress(running: Running, _: Random) -> str:
    running.ingress.kill()
    running.ingress = running.stage.start_ingress(ready=False)
    return "killed"


def swapped_ingress(running: Running, _: Random) -> str:
    """As a rollout does it: the new one is ready before the old one is told to stop."""
    successor = running.stage.beside()
    fresh = successor.start_ingress(ready=False)
    eventually(lambda: successor.get_ready()[0], within=READY_WITHIN)
    running.ingress.send(signal.SIGTERM)
    assert running.ingress.ended() == 0
    running.ingress, running.stage = fresh, successor
    return "swapped"


def killed_worker(running: Running, _: Random) -> str:
    running.worker.kill()
    running.worker = running.stage.start_worker(LARKSPUR_WORKER__LEASE="5")
    return "killed"


def killed_redis(running: Running, chance: Random) -> str:
    away = chance.uniform(0.0, 6.0)
    running.stage.kill_valkey()
    time.sleep(away)
    running.stage.start_valkey()
    return f"away for {away:.1f} s"


def frozen_redis(running: Running, chance: Random) -> str:
    assert running.stage.valkey.process is not None
    still = chance.uniform(0.5, 6.0)
    running.stage.valkey.process.send_signal(signal.SIGSTOP)
    try:
        time.sleep(still)
    finally:
        running.stage.valkey.process.send_signal(signal.SIGCONT)
    return f"still for {still:.1f} s"


TROUBLES: Final[tuple[Callable[[Running, Random], str], ...]] = (
    faulty_platform,
    faulty_platform,
    faulty_platform,
    killed_ingress,
    swapped_ingress,
    killed_worker,
    killed_redis,
    frozen_redis,
)


def trouble(running: Running, chance: Random) -> str:
    """Make one trouble, and wait until the ingress says that it is well again."""
    made = chance.choice(TROUBLES)
    told = made(running, chance)
    try:
        eventually(lambda: running.stage.get_ready()[0], within=READY_WITHIN)
    except AssertionError as error:
        last_words = running.ingress.log()[-4000:]
        raise AssertionError(f"not well after {told}; the ingress said:\n{last_words}") from error
    return f"{made.__name__} ({told})"
