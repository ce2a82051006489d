"""What may happen to a running Larkspur, one trouble after the other, drawn at random."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Final

from redis import Redis

from tests.acceptance.outages import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.chaos.fleet import Fleet, Place

LEASE: Final = 12.0

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


def faulty_platform(fleet: Fleet, chance: Random) -> str:
    order = chance.choice(FAULTS)
    kind = order.partition(":")[0]
    if "lasts=" in order and kind in {one["kind"] for one in fleet.stage.get("/_sim/faults")}:
        return f"{kind} stands already"  # a second one on its heels would outlast the ladder
    fleet.stage.post("/_sim/faults", {"flag": order})
    if order.startswith(AT_CONNECTING):  # unspent they would pile up, until one connect meets all
        fleet.stage.post("/_sim/faults", {"flag": "kill_socket:"})
    return order


def killed_worker(fleet: Fleet, chance: Random) -> str:
    return _done(fleet, chance, "worker", fleet.kill)


def stopped_worker(fleet: Fleet, chance: Random) -> str:
    return _done(fleet, chance, "worker", fleet.end)


def frozen_worker(fleet: Fleet, chance: Random) -> str:
    """For longer than its lease: others go on with its turns, and then it does too."""
    seconds = LEASE + chance.uniform(2.0, 8.0)
    return _done(fleet, chance, "worker", lambda place: fleet.freeze(place, seconds))


def killed_ingress(fleet: Fleet, chance: Random) -> str:
    return _done(fleet, chance, "ingress", fleet.kill)


def stopped_ingress(fleet: Fleet, chance: Random) -> str:
    return _done(fleet, chance, "ingress", fleet.end)


def frozen_ingress(fleet: Fleet, chance: Random) -> str:
    seconds = chance.uniform(2.0, 15.0)
    return _done(fleet, chance, "ingress", lambda place: fleet.freeze(place, seconds))


def released_conversation(fleet: Fleet, chance: Random) -> str:
    """A person takes a running conversation from its worker."""
    with Redis.from_url(fleet.stage.valkey.url) as redis:
        running = redis.zrange(KEYS.queue("turns").running, 0, -1)
    if not running:
        return "spared: none runs"
    name = chance.choice(running).decode()
    released = fleet.stage.start("release", "-m", "cli", "conversations", "release", name)
    return f"{name}, exit code {released.ended()}"


def killed_redis(fleet: Fleet, chance: Random) -> str:
    return _without_redis(fleet, chance.uniform(0.0, 6.0), fleet.stage.kill_valkey)


def restarted_redis(fleet: Fleet, chance: Random) -> str:
    return _without_redis(fleet, chance.uniform(0.0, 3.0), fleet.stage.valkey.stop)


def frozen_redis(fleet: Fleet, chance: Random) -> str:
    server, still, begun = fleet.stage.valkey.process, chance.uniform(0.5, 6.0), time.time()
    assert server is not None
    server.send_signal(signal.SIGSTOP)
    try:
        time.sleep(still)
    finally:
        server.send_signal(signal.SIGCONT)
    fleet.redis_away.append((begun, time.time()))
    return f"for {still:.1f} s"


TROUBLES: Final[tuple[Callable[[Fleet, Random], str], ...]] = (
    *(faulty_platform,) * 4,
    *(killed_worker,) * 3,
    *(stopped_worker,) * 2,
    *(frozen_worker,) * 2,
    killed_ingress,
    stopped_ingress,
    frozen_ingress,
    *(released_conversation,) * 2,
    killed_redis,
    restarted_redis,
    frozen_redis,
)


def trouble(fleet: Fleet, chance: Random) -> tuple[str, str]:
    """Make one trouble; return its name, and what it was exactly."""
    made = chance.choice(TROUBLES)
    return made.__name__, made(fleet, chance)


def _done(fleet: Fleet, chance: Random, kind: str, strike: Callable[[Place], None]) -> str:
    """Strike one of a kind, unless it is the last one awake."""
    awake = fleet.awake(kind)
    if len(awake) < 2:
        return "spared: it is the last one"
    place = chance.choice(awake)
    strike(place)
    return f"number {fleet.places.index(place)}"


def _without_redis(fleet: Fleet, away: float, end: Callable[[], None]) -> str:
    begun = time.time()
    end()
    time.sleep(away)
    fleet.stage.start_valkey()
    fleet.redis_away.append((begun, time.time()))
    return f"away for {away:.1f} s"
