"""Tables in Markdown, and numbers as they stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_GREAT: Final = 100


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: int) -> str:
    """Return a table whose last columns, `right` of them, hold numbers."""
    marks = ["---"] * (len(head) - right) + ["--:"] * right
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    lines.insert(1, f"|{'|'.join(marks)}|")
    return "\n".join(lines) + "\n"


def number(value: float) -> str:
    """Return three digits that count, or a whole number."""
    return f"{value:,.0f}" if value >= _GREAT else f"{value:.3g}"
