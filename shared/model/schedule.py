"""A schedule that is due."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Due:
    """The schedule called `name` was due `at` a Unix time, in seconds.

    After a time without a beat that is the first time it was missed, however often it was.
    """

    name: str
    at: float
