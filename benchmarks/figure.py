"""One measured figure beside its baseline and its goal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`goal` bounds the value from above, or from below where `more_is_better`.

    `beside` names the baseline, and `ratio` says how many times better than it the value is. With
    `goal_on_ratio` the goal is the least ratio. A figure without a goal is for information.
    """

    name: str
    value: float
    unit: str
    raw: Sequence[float]
    goal: float | None = None
    goal_on_ratio: bool = False
    more_is_better: bool = False
    beside: str = ""
    baseline: float | None = None
    baseline_raw: Sequence[float] = ()
    ratio: float | None = field(init=False)
    held: bool | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ratio", self._ratio())
        object.__setattr__(self, "held", self._held())

    def _ratio(self) -> float | None:
        if self.baseline is None:
            return None
        better, worse = self.value, self.baseline
        if not self.more_is_better:
            better, worse = worse, better
        return round(better / worse, 2)

    def _held(self) -> bool | None:
        if self.goal is None:
            return None
        if self.goal_on_ratio:
            return self.ratio is not None and self.ratio >= self.goal
        return self.value >= self.goal if self.more_is_better else self.value <= self.goal
