"""A table as text in columns, where Feishu shows none: a CJK character is two columns wide."""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from shared.feishu.markdown.blocks import is_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN: Final = re.compile(r"\\.|`+|\||[^\\`|]+|\\", re.DOTALL)
_MOST: Final = 100
"""Columns beyond which nothing would be seen of an alignment."""
_WIDE: Final = frozenset("WF")


def columns(header: str) -> int:
    """Return how many columns a table has, by its header."""
    return len(cells(header))


def aligned(lines: Sequence[str]) -> str:
    """Return a table's lines as a fenced block of code, all that was in them."""
    if columns(lines[0]) > _MOST:
        return fenced("".join(lines).strip("\n"))
    rows = [cells(line) for line in lines if line.strip() and not is_rule(line)]
    widths = [max(map(_width, column)) for column in zip_longest(*rows, fillvalue="")]
    text = "\n".join(_row(row, widths) for row in rows)
    return fenced(text) + "\n" * (not lines[-1].strip())


def fenced(text: str) -> str:
    """Return a text as a block of code, between more ticks than it has itself."""
    mark = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{mark}\n{text}\n{mark}\n"


def cells(line: str) -> list[str]:
    """Return the cells of a row; a bar that is escaped or in code is a part of its cell."""
    bare = line.strip(" \t>\r\n").removeprefix("|")
    found, cell, place = list[str](), list[str](), 0
    while token := _TOKEN.match(bare, place):
        whole = token[0] if token[0][0] != "`" else _code(bare, token)
        place += len(whole)
        if whole == "|":
            found.append("".join(cell).strip())
            cell.clear()
        else:
            cell.append("|" if whole == r"\|" else whole)
    last = "".join(cell).strip()
    return [*found, last] if last or not found else found


def _code(line: str, opening: re.Match[str]) -> str:
    """Return a span of code from its opening on, or the ticks alone if it is never closed."""
    end = line.find(opening[0], opening.end())
    return line[opening.start() : end + len(opening[0])] if end >= 0 else opening[0]


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
    return " | ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in _WIDE else 1
        for c in text
    )
