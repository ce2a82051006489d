"""Where the figures go: `results.json`, and the table of them in the README beside it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.figure import Figure

RESULTS: Final = Path(__file__).with_name("results.json")
README: Final = Path(__file__).with_name("README.md")
BEGIN: Final = "<!-- begin of the figures, written by `make bench` -->\n"
END: Final = "<!-- end of the figures -->\n"

_GREAT: Final = 100


def publish(group: str, measured: Sequence[Figure], *, order: Sequence[str]) -> None:
    """Replace the figures of one group, and keep the others'. `order` has every group there is."""
    everything = [figure for figure in figures() if figure["group"] != group]
    everything += ({"group": group, **asdict(figure)} for figure in measured)
    everything.sort(key=lambda figure: order.index(figure["group"]))
    RESULTS.write_text(json.dumps(everything, indent=1) + "\n")
    head, _, rest = README.read_text().partition(BEGIN)
    README.write_text(head + BEGIN + table(everything) + END + rest.partition(END)[2])


def figures() -> list[dict[str, Any]]:
    """Return what was measured last, group by group."""
    found: list[dict[str, Any]] = json.loads(RESULTS.read_text())
    return found


def table(everything: Sequence[Mapping[str, Any]]) -> str:
    """Return the figures as a table in Markdown, one line each."""
    lines = ["| figure | ours | baseline | ratio | goal | held |", "|---|--:|--:|--:|--:|---|"]
    for one in everything:
        baseline = f"{_number(one['baseline'])} ({one['beside']})" if one["beside"] else "-"
        ratio = "-" if one["ratio"] is None else f"{one['ratio']:g} x"
        held = {True: "yes", False: "NO", None: "-"}[one["held"]]
        lines.append(
            f"| {one['name']} | {_number(one['value'])} {one['unit']} | {baseline} | {ratio} "
            f"| {_goal(one)} | {held} |"
        )
    return "\n".join(lines) + "\n"


def _goal(one: Mapping[str, Any]) -> str:
    if one["goal"] is None:
        return "-"
    if one["goal_on_ratio"]:
        return f">= {one['goal']:g} x"
    return f"{'>=' if one['more_is_better'] else '<='} {_number(one['goal'])}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= _GREAT else f"{value:.3g}"
