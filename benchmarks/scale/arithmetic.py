"""What follows from the measured: how many workers an app needs, and what a thousand apps cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from benchmarks.scale.markdown import number, table

if TYPE_CHECKING:
    from collections.abc import Mapping

APPS: Final = 1_000
RATE: Final = 10
"""Events a second of each app; each is a message that is answered."""
SECONDS: Final = 20
"""Of an answer."""
PLACES: Final = 100
"""Turns at once in a worker (`LARKSPUR_WORKER__CONCURRENCY`)."""
BUSY: Final = 0.7
"""How much of a core a worker or a Redis is planned to use."""
HOURS: Final = 48
"""For how long the dedup may remember an event; 24 at least."""

_TOTAL: Final = APPS * RATE
_REMEMBERED: Final = "Redis memory per remembered event, of 1,000,000"


def workers(rate: float, seconds: float, cpu: float, *, places: int = PLACES) -> int:
    """Return how many workers answer `rate` a second of `seconds` each, at `cpu` seconds each."""
    return max(math.ceil(rate * seconds / places), math.ceil(rate * cpu / BUSY))


def example(measured: Mapping[str, Any]) -> str:
    """Return the sum for one app."""
    cpu = measured["replicas"]["long"]["cpu_ms"] / 1000
    by_places, by_cpu = RATE * SECONDS / PLACES, RATE * cpu / BUSY
    needed = workers(RATE, SECONDS, cpu)
    rows = [
        ("by places", f"{RATE}/s x {SECONDS} s / {PLACES}", number(by_places)),
        ("by CPU", f"{RATE}/s x {number(cpu * 1000)} ms / {BUSY}", number(by_cpu)),
        ("workers", "the greater, rounded up", str(needed)),
        ("with one to lose", "+ 1", str(needed + 1)),
    ]
    return table(("one app, 10 answers/s of 20 s", "sum", "comes to"), rows, right=1)


def thousand(measured: Mapping[str, Any], figures: Mapping[str, float]) -> str:
    """Return the sums for a thousand apps."""
    steady, long = measured["apps"]["steady"][-1], measured["replicas"]["long"]
    idle = measured["replicas"]["idle"]["cpu_ms_per_s"]
    cpu = long["cpu_ms"] / 1000
    needed = workers(RATE, SECONDS, cpu)
    each = measured["conversations"][-1]["bytes_each"]
    dedup = _TOTAL * 3600 * HOURS * figures[_REMEMBERED]
    rows = [
        ("events a second", f"{APPS:,} x {RATE}", number(_TOTAL)),
        *_processes(steady, long, needed),
        ("their CPU", f"{_TOTAL:,}/s x {number(cpu * 1000)} ms", _cores(_TOTAL * cpu)),
        ("of it, idle", f"{APPS * needed:,} x {number(idle)} ms/s", _cores(needed * idle)),
        *_redis(steady, long),
        (
            "Redis memory, dedup",
            f"{_TOTAL:,}/s x {HOURS} h x {number(figures[_REMEMBERED])} bytes",
            _gb(dedup),
        ),
        (
            "Redis memory, a minute of backlog",
            f"{_TOTAL * 60:,} x {number(each)} bytes",
            _gb(each * _TOTAL * 60),
        ),
    ]
    return table((f"{APPS:,} apps x {RATE} events/s", "sum", "comes to"), rows, right=1)


def _redis(steady: Mapping[str, float], long: Mapping[str, float]) -> list[tuple[str, str, str]]:
    """Return what Redis does, and how many of them it takes."""
    accepting = _TOTAL * steady["redis_cpu_us"] / 1e6
    answering = _TOTAL * long["redis_cpu_ms"] / 1e3
    servers = math.ceil((accepting + answering) / BUSY)
    commands = steady["redis_commands"], long["redis_commands"]
    said = " + ".join(number(one) for one in commands)
    return [
        (
            "Redis commands a second, in scripts or not",
            f"{_TOTAL:,}/s x ({said})",
            number(_TOTAL * sum(commands)),
        ),
        (
            "Redis CPU, accepting",
            f"{_TOTAL:,}/s x {number(steady['redis_cpu_us'])} us",
            _cores(accepting),
        ),
        (
            "Redis CPU, answering",
            f"{_TOTAL:,}/s x {number(long['redis_cpu_ms'])} ms",
            _cores(answering),
        ),
        ("Redis servers, by CPU", f"both / {BUSY}, rounded up", str(servers)),
        ("apps on each", f"{APPS:,} / {servers}", str(APPS // servers)),
    ]


def _processes(
    steady: Mapping[str, float], long: Mapping[str, float], needed: int
) -> list[tuple[str, str, str]]:
    """Return what processes there are: those of an app are its own."""
    ingress_cpu, ingress_mb = steady["ingress_cpu_ms_per_s"], steady["resident_mb"]
    worker_mb = long["resident_mb"]
    return [
        ("ingresses", "one an app", number(APPS)),
        ("ingresses' CPU", f"{APPS:,} x {number(ingress_cpu)} ms/s", _cores(ingress_cpu)),
        ("ingresses' memory", f"{APPS:,} x {number(ingress_mb)} MB", _gb(APPS * ingress_mb * 1e6)),
        ("turns at once", f"{_TOTAL:,}/s x {SECONDS} s", number(_TOTAL * SECONDS)),
        ("workers", f"{APPS:,} x {needed}, as above", number(APPS * needed)),
        (
            "workers' memory",
            f"{APPS * needed:,} x {number(worker_mb)} MB",
            _gb(APPS * needed * worker_mb * 1e6),
        ),
    ]


def _cores(seconds: float) -> str:
    return f"{number(seconds)} cores"


def _gb(size: float) -> str:
    return f"{number(size / 1e9)} GB"
