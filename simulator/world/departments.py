"""The departments; like people's ids, theirs are derived from their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simulator.world.people import digest

ROOT: Final = "0"
"""The id of the company itself, under either kind of department id."""


@dataclass(frozen=True, slots=True)
class Department:
    """`parent` is the open_department_id of the one above."""

    name: str
    department_id: str
    open_department_id: str
    parent: str = ROOT


def make_department(name: str, parent: str = ROOT) -> Department:
    return Department(
        name=name,
        department_id="D" + digest(f"department:{name}", 12),
        open_department_id="od-" + digest(f"open-department:{name}", 32),
        parent=parent,
    )


def make_departments() -> tuple[Department, ...]:
    """Return `Engineering`, where everybody works, and `Platform` below it."""
    engineering = make_department("Engineering")
    return engineering, make_department("Platform", engineering.open_department_id)
