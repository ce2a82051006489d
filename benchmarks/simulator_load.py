"""How many events a second one simulator pushes over 50 connections with every ack checked.

The simulator is one process and the client that acks another: two cores. The events are made
inside the simulator (`/_sim/burst`), since a request for each would measure HTTP. A run counts
only if every event was acked 200 within its deadline.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.request import Request, urlopen

from benchmarks.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNS: Final = 3
CONNECTIONS: Final = 50
GOAL: Final = 5_000
RATE: Final = 5_200
"""Asked for a little more than the goal: a burst ends a tick after its last handful."""

SECONDS: Final = 10


def measure() -> list[Figure]:
    """Push at the asked rate, several times."""
    rates = [_run() for _ in range(RUNS)]
    return [
        Figure(
            name="simulator, events acked per second",
            value=statistics.median(rates),
            unit="1/s",
            goal=GOAL,
            raw=rates,
            more_is_better=True,
        )
    ]


def _run() -> float:
    with _simulator() as url, _client(url):
        _call(f"{url}/_sim/burst", {"count": CONNECTIONS * 20, "rate": 2_000})  # warm up
        before = _settled(url)
        burst = _call(f"{url}/_sim/burst", {"count": RATE * SECONDS, "rate": RATE})
        after = _settled(url)
    acked = int(after["acked"] - before["acked"])
    return round(acked / float(burst["seconds"]), 1) if acked == RATE * SECONDS else 0.0


@contextmanager
def _simulator() -> Iterator[str]:
    command = [sys.executable, "-m", "simulator", "--port=0", "--keep=20000"]
    with _running(command) as ready:
        yield ready.split()[-1]


@contextmanager
def _client(url: str) -> Iterator[None]:
    with _running([sys.executable, "-m", "benchmarks.acking_client", url, str(CONNECTIONS)]):
        yield


@contextmanager
def _running(command: list[str]) -> Iterator[str]:
    """Run a process during the block; give the first line it says."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process.stdout.readline() if process.stdout else ""
    finally:
        process.terminate()
        process.communicate()


def _call(url: str, body: dict[str, Any] | None = None) -> Any:
    encoded = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, encoded), timeout=60) as response:
        return json.load(response)


def _settled(url: str) -> Any:
    """Return the counts once no event is under way any more."""
    deadline = time.monotonic() + 30
    while True:
        stats = _call(f"{url}/_sim/stats")
        if stats["acked"] + stats["failed"] >= stats["pushed"] or time.monotonic() > deadline:
            return stats
        time.sleep(0.05)
