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
    """`ratio` is baseline / value where less is better; `goal` bounds the value from above."""

    name: str
    value: float
    unit: str
    baseline: float
    goal: float
    raw: Sequence[float]
    baseline_raw: Sequence[float]
    ratio: float = field(init=False)
    held: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ratio", round(self.baseline / self.value, 2))
        object.__setattr__(self, "held", self.value <= self.goal)


def publish(figures: Sequence[Figure]) -> None:
    """Print a table and write `results.json`."""
    RESULTS.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")
    print(f"{'figure':<36}{'ours':>10}{'theirs':>10}{'ratio':>8}{'goal':>10}  held")
    for one in figures:
        numbers = f"{one.value:>10.2f}{one.baseline:>10.2f}{one.ratio:>8.2f}{one.goal:>10.2f}"
        print(f"{one.name + ', ' + one.unit:<36}{numbers}  {'yes' if one.held else 'NO'}")
    print(f"\nmedians; every run is in {RESULTS.name}")
