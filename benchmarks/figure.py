"""One measured figure beside its baseline and its goal."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULTS: Final = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` bounds the value from above, or from below where `more_is_better`.

    `ratio` says how many times better than the baseline; a figure without one has neither.
    """

    name: str
    value: float
    unit: str
    goal: float
    raw: Sequence[float]
    baseline: float | None = None
    baseline_raw: Sequence[float] = ()
    more_is_better: bool = False
    ratio: float | None = field(init=False)
    held: bool = field(init=False)

    def __post_init__(self) -> None:
        better, worse = self.value, self.baseline
        if worse is not None and not self.more_is_better:
            better, worse = worse, better
        ratio = None if worse is None else round(better / worse, 2)
        held = self.value >= self.goal if self.more_is_better else self.value <= self.goal
        object.__setattr__(self, "ratio", ratio)
        object.__setattr__(self, "held", held)


def publish(figures: Sequence[Figure]) -> None:
    """Print a table and write `results.json`."""
    RESULTS.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")
    print(f"{'figure':<40}{'ours':>10}{'theirs':>10}{'ratio':>8}{'goal':>13}  held")
    for one in figures:
        numbers = f"{one.value:>10.2f}{_or_dash(one.baseline):>10}{_or_dash(one.ratio):>8}"
        goal = f"{'>=' if one.more_is_better else '<='} {one.goal:.2f}"
        held = "yes" if one.held else "NO"
        print(f"{one.name + ', ' + one.unit:<40}{numbers}{goal:>13}  {held}")
    print(f"\nmedians; every run is in {RESULTS.name}")


def _or_dash(number: float | None) -> str:
    return "-" if number is None else f"{number:.2f}"
