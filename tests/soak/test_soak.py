"""Minutes of messages and troubles: in the end each message has one answer.

A minute by itself; `make soak` gives it a quarter of an hour. SOAK_SEED repeats a run.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.eventually import eventually
from tests.soak.troubles import Running, trouble
from tests.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = float(os.environ.get("SOAK_MINUTES", "1")) * 60
USERS = ("alice", "bob", "carol")
LAST_STEP = 6 * 3600.0
"""Seconds of the platform's ladder (facts 2.1): what misses this one is lost, whoever we are."""

CALM_AFTER = 15.0
"""Seconds at the end without a new trouble."""

pytestmark = pytest.mark.timeout(2 * SECONDS + 600)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """All of it, on a platform whose last redelivery comes when the troubles are over."""
    stage = Stage(tmp_path)
    try:
        stage.start_valkey()
        scale = str(LAST_STEP / SECONDS)
        stage.start_simulator("--time-scale", scale, "--ping-interval", "3", "--keep", "10000")
        yield Running(stage, stage.start_ingress(), stage.start_worker(LARKSPUR_WORKER__LEASE="5"))
    finally:
        stage.strike(tell=False)  # minutes of logs; they are in the test's folder


def test_each_message_is_answered_once_whatever_happens(running: Running) -> None:
    seed = int(os.environ.get("SOAK_SEED", str(random.randrange(10**6))))
    print(f"SOAK_SEED={seed}")
    chance = random.Random(seed)
    said: list[str] = []
    over = threading.Event()
    talking = threading.Thread(target=talk, args=(running.stage, said, over))

    talking.start()
    try:
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < SECONDS - CALM_AFTER:
            print(f"{passed:6.1f} s, {len(said)} said: {trouble(running, chance)}", flush=True)
            time.sleep(chance.uniform(0.0, 4.0))
        time.sleep(CALM_AFTER)
    finally:
        over.set()
        talking.join()

    answered = eventually(lambda: all_answered(running.stage, said), within=SECONDS + 300)
    doubled = {message for message, count in answered.items() if count > 1}
    stats = running.stage.get("/_sim/stats")
    print(f"sent {len(said)}, answered {len(answered)}, doubled {len(doubled)}, {stats}")
    assert not doubled


def talk(stage: Stage, said: list[str], over: threading.Event) -> None:
    """Say something three times a second, each time as another user."""
    while not over.wait(0.33):
        number = len(said)
        said.append(stage.say(f"hello {number}", user=USERS[number % len(USERS)]))


def all_answered(stage: Stage, said: list[str]) -> Counter[str]:
    """Return how often each message was answered, once every one was."""
    found = stage.get("/_sim/messages?limit=10000", timeout=60)
    answers = Counter(one["parent_id"] for one in found if one.get("parent_id"))
    return answers if set(said) <= answers.keys() else Counter()
