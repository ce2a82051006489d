"""Minutes of messages, kills and outages: each message has one answer, in order.

`make chaos` runs two minutes of it; CHAOS_MINUTES and CHAOS_MESSAGES make it longer and denser, and
CHAOS_SEED does the same again.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from redis import Redis

from tests.acceptance.outages import KEYS
from tests.chaos.fleet import Fleet
from tests.chaos.judgement import Judgement, Rescues, Struck, judge, rescues
from tests.chaos.talk import Talk
from tests.chaos.troubles import trouble
from tests.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.processes import Process

SECONDS = float(os.environ.get("CHAOS_MINUTES", "2")) * 60
MESSAGES = int(os.environ.get("CHAOS_MESSAGES", str(int(SECONDS * 5))))
CONVERSATIONS = max(20, min(200, MESSAGES // 10))
LAST_STEP = 6 * 3600.0
"""Seconds of the platform's ladder (facts 2.1): what misses this one is lost, whoever we are."""

CALM_AFTER = 15.0
"""Seconds at the end without a new trouble."""

SETTLED_WITHIN = SECONDS + 300.0
"""Seconds for what is left: the last step of the ladder, and backoff."""

pytestmark = pytest.mark.timeout(3 * SECONDS + 900)


@pytest.fixture
def seed() -> int:
    seed = int(os.environ.get("CHAOS_SEED", str(random.randrange(10**6))))
    print(f"\nCHAOS_SEED={seed}, {SECONDS:.0f} s, {MESSAGES} messages")
    return seed


@pytest.fixture
def fleet(tmp_path: Path, seed: int) -> Iterator[Fleet]:
    """All of it, on a platform whose last redelivery comes when the troubles are over."""
    drawn = random.Random(seed)
    environment = {
        "LARKSPUR_WORKER__WHEN_BUSY": drawn.choice(("each", "collect")),
        "LARKSPUR_REPLY__FORM": drawn.choice(("card", "card", "post", "text")),
        **{f"LARKSPUR_LIMITS__{name}": "1000000" for name in ("PER_SECOND", "PER_MINUTE")},
        **{f"LARKSPUR_LIMITS__{name}": "1000000" for name in ("PER_CHAT", "PER_CARD")},
    }
    print(environment)
    stage = Stage(tmp_path)
    try:
        stage.start_valkey()
        stage.start_simulator(
            *("--time-scale", str(LAST_STEP / SECONDS), "--ping-interval", "3"),
            *("--keep", str(4 * MESSAGES + 1000), "--limits", "off"),
            *("--first-token-delay", "1", "--tokens-per-second", "10"),
        )
        fleet = Fleet(stage, environment)
        fleet.start()
        yield fleet
    finally:
        stage.strike(tell=False)  # minutes of logs; they are in the test's folder


def test_each_message_is_answered_once_and_in_order_whatever_happens(
    fleet: Fleet, seed: int
) -> None:
    chance, made = random.Random(seed), Counter[str]()
    talk = Talk(fleet.stage, random.Random(seed), CONVERSATIONS)
    over = threading.Event()
    talking = threading.Thread(target=talk.run, args=(MESSAGES, SECONDS - CALM_AFTER, over))

    begun = time.monotonic()
    talking.start()
    try:
        while (passed := time.monotonic() - begun) < SECONDS - CALM_AFTER:
            name, exactly = trouble(fleet, chance)
            made[name] += 1
            print(f"{passed:6.1f} s, {talk.count} said: {name} ({exactly})", flush=True)
            time.sleep(chance.uniform(0.5, 5.0))
            fleet.look_after()
        fleet.calm()
        talking.join(timeout=SETTLED_WITHIN)
    finally:
        over.set()
        talking.join()

    settled = eventually_settled(fleet, talk)
    found = judge(talk.said, settled)
    tell(found, slow_rescues(fleet), made, fleet)
    assert not fleet.fallen, fleet.fallen[0]
    assert not found.wrong, "\n".join(stories(fleet, found.wrong[:3]))


def eventually_settled(fleet: Fleet, talk: Talk) -> list[dict[str, Any]]:
    """Wait until all is answered and no mail waits, or it is too late; return every message."""
    deadline = time.monotonic() + SETTLED_WITHIN
    while True:
        fleet.look_after()
        messages = fleet.stage.get(f"/_sim/messages?limit={4 * MESSAGES + 1000}")
        found = judge(talk.said, messages)
        idle = not found.lost and not found.unfinished and not under_way(fleet.stage)
        if idle or time.monotonic() > deadline:
            return list(messages)
        time.sleep(2.0)


def under_way(stage: Stage) -> int:
    """Return how many conversations have mail."""
    with Redis.from_url(stage.valkey.url) as redis:
        places = (KEYS.queue("turns").waking, KEYS.queue("turns").running)
        return sum(redis.zcard(key) for key in (*places, KEYS.queue("turns").deferred))


def slow_rescues(fleet: Fleet) -> Rescues:
    struck = [Struck(moment, lines(process)) for process, moment in fleet.struck]
    everything = [line for process in fleet.worker_processes() for line in lines(process)]
    return rescues(struck, everything, outages=fleet.redis_away)


def lines(process: Process) -> list[dict[str, Any]]:
    return [json.loads(line) for line in process.log().splitlines() if line.startswith("{")]


def tell(found: Judgement, slow: Rescues, made: Counter[str], fleet: Fleet) -> None:
    with Redis.from_url(fleet.stage.valkey.url) as redis:
        dead = redis.zcard(KEYS.dead_letters)
    print(
        f"\nsent {found.sent}, answered {found.answered}, doubled {len(found.doubled)},"
        f" reordered {len(found.reordered)}, lost {len(found.lost)},"
        f" unfinished {len(found.unfinished)}, dead letters {dead}, fallen {len(fleet.fallen)}\n"
        f"rescues {len(slow.seconds)}, slowest {slow.slowest:.1f} s\n"
        f"troubles {dict(made)}"
    )


def stories(fleet: Fleet, wrong: list[str]) -> list[str]:
    """Return all that any process said of what went wrong, by message and by event."""
    messages = fleet.stage.get(f"/_sim/messages?limit={4 * MESSAGES + 1000}")
    told = []
    for each in wrong:
        ids = [one["message_id"] for one in messages if each in (one["text"], one["message_id"])]
        ids += [one["event_id"] for one in messages if each == one["text"]]
        told.append(f"--- {each}: {ids}")
        for log in sorted(fleet.stage.folder.glob("*.log")):
            told += [
                f"{log.name}: {line}"
                for line in log.read_text(errors="replace").splitlines()
                if any(name and name in line for name in ids)
            ]
    return told
