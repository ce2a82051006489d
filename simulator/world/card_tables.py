"""How many tables a card shows: components, and those written in Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.world.card_json import elements

if TYPE_CHECKING:
    from simulator.world.card_json import CardJson

MOST: Final = 3
"""Measured, not documented: a fourth is refused (facts 3)."""
RULE_CELL: Final = re.compile(r"\s*:?-+:?\s*")


def tables(card: CardJson) -> int:
    return sum(_tables_of(element) for element in elements(card))


def _tables_of(element: CardJson) -> int:
    content = element.get("content")
    if element["tag"] == "markdown" and isinstance(content, str):
        return markdown_tables(content)
    return int(element["tag"] == "table")


def markdown_tables(text: str) -> int:
    """Count the tables of a Markdown text: a header row and a rule under it, outside code."""
    found, previous, in_code = 0, "", False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            in_code = not in_code
        elif not in_code and "|" in previous and _is_rule(line):
            found += 1
        previous = "" if in_code else line
    return found


def _is_rule(line: str) -> bool:
    cells = line.strip().strip("|").split("|")
    return "|" in line and all(RULE_CELL.fullmatch(cell) for cell in cells)
