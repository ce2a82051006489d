"""The tables of docs/scaling.md: what was measured, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.scale.arithmetic import example, thousand
from benchmarks.scale.markdown import number, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    Figures = Mapping[str, float]


def tables(measured: Mapping[str, Any], figures: Figures) -> dict[str, str]:
    """Return every table by its name; `figures` are those of `make bench`."""
    return {
        "carries": _carries(measured, figures),
        "replicas": _replicas(measured),
        "conversations": _conversations(measured),
        "backlog": _backlog(measured),
        "apps": _apps(measured),
        "example": example(measured),
        "thousand": thousand(measured, figures),
    }


def _carries(measured: Mapping[str, Any], figures: Figures) -> str:
    alone, steady = measured["apps"]["full"][0], measured["apps"]["steady"][-1]
    instant, waiting = measured["replicas"]["instant"][0], measured["replicas"]["waiting"][0]
    stored = figures["events stored and acked, 1,000 outstanding"]
    long = measured["replicas"]["long"]
    streamed = f"{long['chunks']} chunks in {long['lasts']} s"
    each = measured["conversations"][-1]["bytes_each"]
    remembered = figures["Redis memory per remembered event, of 1,000,000"]
    rows = [
        ("an ingress", "events accepted a second, at most", number(stored)),
        ("", "CPU of an event, many at once", f"{number(alone['ingress_cpu_us'])} us"),
        ("", "memory", f"{number(steady['resident_mb'])} MB"),
        ("a Redis", "CPU of an event, accepted with many", f"{number(alone['redis_cpu_us'])} us"),
        (
            "",
            "CPU of an event, accepted alone, with all that an idle ingress asks",
            f"{number(steady['redis_cpu_us'])} us",
        ),
        ("", "CPU of a turn with no model", f"{number(instant['redis_cpu_ms'])} ms"),
        ("", "CPU of an answer of one chunk", f"{number(waiting['redis_cpu_ms'])} ms"),
        ("", f"CPU of an answer of {streamed}", f"{number(long['redis_cpu_ms'])} ms"),
        ("", "memory of a conversation with one mail of 1.1 kB", f"{number(each)} bytes"),
        ("", "memory of a remembered event", f"{number(remembered)} bytes"),
        ("a worker", "CPU of a turn with no model", f"{number(instant['cpu_ms'])} ms"),
        ("", "CPU of an answer of one chunk", f"{number(waiting['cpu_ms'])} ms"),
        ("", f"CPU of an answer of {streamed}", f"{number(long['cpu_ms'])} ms"),
        (
            "",
            f"memory, after {long['turns']} answers at once",
            f"{number(long['resident_mb'])} MB",
        ),
        ("", "CPU, idle", f"{number(measured['replicas']['idle']['cpu_ms_per_s'])} ms a second"),
    ]
    return table(("one", "what", "measured"), rows, right=1)


def _replicas(measured: Mapping[str, Any]) -> str:
    groups = measured["replicas"]
    head = (
        "workers",
        "turns/s, no model",
        "CPU of each, ms",
        f"turns/s, model takes {groups['waits']} s",
        "times one worker",
        "CPU of each, ms",
        "MB a worker",
    )
    rows = [
        (
            str(one["workers"]),
            number(one["rate"]),
            number(one["cpu_ms"]),
            number(other["rate"]),
            number(other["rate"] / groups["waiting"][0]["rate"]),
            number(other["cpu_ms"]),
            number(other["resident_mb"]),
        )
        for one, other in zip(groups["instant"], groups["waiting"], strict=True)
    ]
    return table(head, rows, right=len(head))


def _conversations(measured: Mapping[str, Any]) -> str:
    found = measured["conversations"]
    rows = [
        ("events accepted a second, the first of each", "first_mail_rate"),
        ("events accepted a second, more of them", "more_mail_rate"),
        ("Redis memory of each, bytes", "bytes_each"),
    ]
    lines = [(name, *(number(one[key]) for one in found)) for name, key in rows]
    for name, key in (
        ("a turn begins, ms", "begin_ms"),
        ("a turn is settled, ms", "settle_ms"),
        ("a sweep that finds nobody, ms", "sweep_ms"),
        ("a sweep that wakes a hundred, ms", "lost"),
    ):
        spread = [f"{number(one[key]['p50'])} ({number(one[key]['max'])})" for one in found]
        lines.append((name, *spread))
    lines.append(("sweeps until all are woken", *(number(one["lost"]["sweeps"]) for one in found)))
    head = ("conversations with mail", *(f"{one['conversations']:,}" for one in found))
    return table(head, lines, right=len(found))


def _backlog(measured: Mapping[str, Any]) -> str:
    found = measured["backlog"]
    first = found["samples"][0]
    rows = [
        ("turns, in conversations", f"{found['turns']:,} in {found['conversations']:,}"),
        ("drained by workers, in seconds", f"{found['workers']}, {number(found['seconds'])}"),
        ("turns a second, start of the workers included", number(found["rate"])),
        ("CPU of a turn, ms", number(found["worker_cpu_s"] / found["turns"] * 1000)),
        ("Redis memory before, after", f"{_mb(first)}, {_mb(found['samples'][-1])}"),
        ("longest queue, in wakes", f"{found['longest_queue']:,}"),
        ("wakes pushed, first to last", f"{found['wakes_pushed']:,}"),
    ]
    return table(("backlog", "measured"), rows, right=1)


def _apps(measured: Mapping[str, Any]) -> str:
    full, steady = measured["apps"]["full"], measured["apps"]["steady"]
    rows = [
        ("events accepted a second, all together", *(number(one["rate"]) for one in full)),
        ("CPU of Redis for each, us", *(number(one["redis_cpu_us"]) for one in full)),
        ("at 10 events/s of each app: ack p50, ms", *(number(one["ack_p50_ms"]) for one in steady)),
        ("ack p99, ms", *(number(one["ack_p99_ms"]) for one in steady)),
        ("not acked within 3 s", *(str(one["failed"]) for one in steady)),
        ("CPU of Redis for each, us", *(number(one["redis_cpu_us"]) for one in steady)),
        (
            "CPU of an ingress, ms a second",
            *(number(one["ingress_cpu_ms_per_s"]) for one in steady),
        ),
        ("memory of an ingress, MB", *(number(one["resident_mb"]) for one in steady)),
    ]
    head = ("apps in one Redis", *(str(one["apps"]) for one in full))
    return table(head, rows, right=len(full))


def _mb(sample: Mapping[str, float]) -> str:
    return f"{number(sample['memory_mb'])} MB"
