"""A line of Markdown as spans: code, which nobody may touch, and everything else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_RUN: Final = re.compile(r"(?<!\\)`+")


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return a text with everything changed but its spans of code."""
    return "".join(span if is_code else change(span) for span, is_code in _spans(text))


def _spans(text: str) -> Iterator[tuple[str, bool]]:
    """Yield spans, and which are code. Ticks that no others of their number follow are no code."""
    runs = [(run.start(), run.end()) for run in _RUN.finditer(text)]
    begun = place = 0
    following = _next_of_its_length(runs)
    while place < len(runs):
        closing = following[place]
        if closing is None:
            place += 1
            continue
        start, end = runs[place][0], runs[closing][1]
        yield text[begun:start], False
        yield text[start:end], True
        begun, place = end, closing + 1
    yield text[begun:], False


def _next_of_its_length(runs: list[tuple[int, int]]) -> list[int | None]:
    seen: dict[int, int] = {}
    found: list[int | None] = [None] * len(runs)
    for place in range(len(runs) - 1, -1, -1):
        length = runs[place][1] - runs[place][0]
        found[place] = seen.get(length)
        seen[length] = place
    return found
