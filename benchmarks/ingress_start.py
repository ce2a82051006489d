"""How soon the ingress listens, and how much memory it takes; beside the official client.

Both are started as processes against the same simulator and count as started once it holds their
connection (the ingress, also once its `/readyz` says 200). Runs take turns: ours, theirs, ours.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.figure import Figure
from cli.plan import SIMULATED_APP
from cli.valkey import Valkey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS: Final = 7
_SIMULATOR: Final = "http://127.0.0.1:8790"
_READY: Final = "http://127.0.0.1:8791/readyz"
_REDIS_PORT: Final = 8792


def measure() -> list[Figure]:
    """Measure both in turn."""
    with tempfile.TemporaryDirectory() as folder, _stage(Path(folder)) as environment:
        ours = [sys.executable, "-m", "ingress"]
        theirs = [sys.executable, "-m", "benchmarks.official_client"]
        runs = [
            (
                _started(ours, environment, lambda: _says_yes(_READY)),
                _started(theirs, environment, lambda: _connections() > 0),
            )
            for _ in range(RUNS)
        ]
    return [
        _figure("ingress ready after start", "s", 1.5, [(a[0], b[0]) for a, b in runs]),
        _figure("ingress resident memory", "MB", 80.0, [(a[1], b[1]) for a, b in runs]),
    ]


@contextmanager
def _stage(folder: Path) -> Iterator[dict[str, str]]:
    """Run a Valkey and a simulator; give the environment that leads to them."""
    environment = {
        **os.environ,
        **SIMULATED_APP,
        "FEISHU_DOMAIN": _SIMULATOR,
        "REDIS_URL": f"redis://127.0.0.1:{_REDIS_PORT}/0",
        "LARKSPUR_INGRESS__PORT": "8791",
    }
    valkey = Valkey(folder, port=_REDIS_PORT)
    valkey.start()
    simulator = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--port", "8790"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(lambda: _says_yes(f"{_SIMULATOR}/_sim/health"))
        yield environment
    finally:
        simulator.terminate()
        simulator.wait()
        valkey.stop()


def _started(
    command: list[str], environment: dict[str, str], ready: Callable[[], bool]
) -> tuple[float, float]:
    """Start a process; return its seconds until `ready` and then its resident megabytes."""
    _wait(lambda: _connections() == 0)
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(ready)
        return time.perf_counter() - begun, _resident(process.pid)
    finally:
        process.kill()
        process.wait()


def _figure(name: str, unit: str, goal: float, pairs: list[tuple[float, float]]) -> Figure:
    ours, theirs = ([round(value, 3) for value in column] for column in zip(*pairs, strict=True))
    return Figure(
        name=name,
        value=statistics.median(ours),
        unit=unit,
        beside="official client",
        baseline=statistics.median(theirs),
        goal=goal,
        raw=ours,
        baseline_raw=theirs,
    )


def _resident(pid: int) -> float:
    asked = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.run(asked, check=True, capture_output=True).stdout) / 1024


def _connections() -> int:
    with urlopen(f"{_SIMULATOR}/_sim/health", timeout=5) as response:
        return int(json.loads(response.read())["connections"])


def _says_yes(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:
            return bool(response.status == 200)  # noqa: PLR2004
    except (URLError, OSError):
        return False


def _wait(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError("not ready within 60 s")
        time.sleep(0.005)
