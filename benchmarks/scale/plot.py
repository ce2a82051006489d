"""`scale.png` and `backlog.png`: what was measured last, at a glance."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from benchmarks.scale.results import RESULTS, measured

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    Rows = Sequence[Mapping[str, Any]]

SCALE: Final = RESULTS.with_name("scale.png")
BACKLOG: Final = RESULTS.with_name("backlog.png")

_OURS: Final = "#5546b5"
_OTHER: Final = "#d2691e"
_FAINT: Final = "#bdbac9"
_EVERY: Final = 8
"""Looks at a backlog that make one point of its rate."""


def draw() -> None:
    """Draw the results, whenever they were measured."""
    found = measured()
    picture = _picture(7.2)
    (replicas, latencies), (memory, apps) = picture.subplots(2, 2)
    _replicas(replicas, found["replicas"], found["machine"]["cores"])
    _latencies(latencies, found["conversations"])
    _memory(memory, found["conversations"])
    _apps(apps, found["apps"]["full"])
    picture.savefig(SCALE, dpi=110, metadata={"Software": None})
    picture = _picture(3.8)
    rate, queue, used = picture.subplots(1, 3)
    _backlog(rate, queue, used, found["backlog"])
    picture.savefig(BACKLOG, dpi=110, metadata={"Software": None})


def _picture(height: float) -> Figure:
    layout = ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.15)
    return Figure(figsize=(14, height), facecolor="white", layout=layout)


def _replicas(axes: Axes, groups: Mapping[str, Rows], cores: int) -> None:
    """Draw both kinds of turns, and what a straight line from one worker would be."""
    for rows, colour, name in (
        (groups["instant"], _OTHER, f"no model: bound by {cores} cores"),
        (groups["waiting"], _OURS, f"model takes {groups['waits']} s: bound by places"),
    ):
        workers = [one["workers"] for one in rows]
        axes.plot(workers, [one["rate"] for one in rows], "o-", color=colour, label=name)
        axes.plot(workers, [rows[0]["rate"] * each for each in workers], ":", color=colour)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.set_xticks(workers, [str(each) for each in workers])
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.legend(frameon=False, fontsize=9)
    _dress(axes, "Turns a second", "workers; dotted: as many times one worker")


def _latencies(axes: Axes, rows: Rows) -> None:
    conversations = [one["conversations"] for one in rows]
    for key, name in (
        ("begin_ms", "a turn begins"),
        ("settle_ms", "a turn is settled"),
        ("sweep_ms", "a sweep that finds nobody"),
        ("lost", "a sweep that wakes a hundred"),
    ):
        axes.plot(conversations, [one[key]["p50"] for one in rows], "o-", label=name)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=9)
    _dress(axes, "Asked of Redis, median ms", "conversations with mail")


def _memory(axes: Axes, rows: Rows) -> None:
    names = [f"{one['conversations']:,}" for one in rows]
    axes.bar(names, [one["bytes_each"] for one in rows], color=_OURS, width=0.5)
    _dress(axes, "Redis memory of a conversation with one mail, bytes", "conversations with mail")


def _apps(axes: Axes, rows: Rows) -> None:
    names = [f"{one['apps']} apps" if one["apps"] > 1 else "1 app" for one in rows]
    axes.bar(names, [one["rate"] for one in rows], color=_OURS, width=0.5)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    _dress(axes, "Events accepted a second in one Redis, together", "an ingress each")


def _backlog(rate: Axes, queue: Axes, used: Axes, found: Mapping[str, Any]) -> None:
    """Draw how fast it was drained, what waited, and what Redis held.

    Every wake but the last of a conversation is followed by another, so the wakes that were pushed
    tell how many turns are to go.
    """
    samples: Rows = found["samples"]
    times = [one["at"] for one in samples]
    to_go = [found["turns"] - one["pushed"] + one["unsettled"] for one in samples]
    points = list(zip(times, to_go, strict=True))[::_EVERY]
    rate.plot(
        [(start + end) / 2 for (start, _), (end, _) in pairwise(points)],
        [(before - after) / (end - start) for (start, before), (end, after) in pairwise(points)],
        color=_OURS,
    )
    rate.set_ylim(bottom=0)
    _dress(rate, "Turns a second", "seconds")
    queue.plot(times, to_go, color=_OURS, label="turns to go")
    queue.plot(times, [one["wakes"] for one in samples], color=_OTHER, label="wakes in the queue")
    queue.yaxis.set_major_formatter("{x:,.0f}")
    queue.legend(frameon=False, fontsize=9)
    _dress(queue, "What waits", "seconds")
    used.plot(times, [one["memory_mb"] for one in samples], color=_OURS)
    used.set_ylim(bottom=0)
    _dress(used, "Redis memory, MB", "seconds")


def _dress(axes: Axes, title: str, below: str) -> None:
    axes.set_title(title, loc="left", fontsize=11, weight="bold")
    axes.set_xlabel(below, fontsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
        axes.spines["left"].set_color(_FAINT)
