"""A document as blocks: paragraphs, fenced code, tables. Joined they are the document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["text", "code", "table"]

_FENCE: Final = re.compile(
    r"(?P<before>[ \t>]*(?:[-*+] +|\d{1,9}[.)] +)?)(?P<mark>`{3,}|~{3,})(.*)"
)
_IN_RULES: Final = frozenset("|:- \t")
_RULE_CELL: Final = re.compile(r":?-+:?")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, each with its end, and the blank ones after them."""

    kind: Kind
    lines: Sequence[str]

    @property
    def text(self) -> str:
        return "".join(self.lines)


def blocks(document: str) -> list[Block]:
    """Cut a document into its blocks. Code that is never closed reaches to the end."""
    lines, found, place = lines_of(document), list[Block](), 0
    while place < len(lines):
        kind, end = _block(lines, place)
        while end < len(lines) and not lines[end].strip():
            end += 1
        found.append(Block(kind, lines[place:end]))
        place = end
    return found


def fence_of(line: str) -> tuple[str, str] | None:
    """Return what stands before a fence that a line opens, and its marks; None if it opens none."""
    found = _FENCE.fullmatch(line.rstrip("\r\n"))
    if found is None or (found["mark"][0] == "`" and "`" in found[3]):
        return None
    return found["before"], found["mark"]


def closes(line: str, mark: str) -> bool:
    """Whether a line closes a fence of these marks."""
    bare = line.strip(" \t>\r\n")
    return len(bare) >= len(mark) and set(bare) == {mark[0]}


def is_rule(line: str) -> bool:
    """Whether a line is what stands under the header of a table."""
    bare = line.strip(" \t>\r\n")
    if "-" not in bare or not set(bare) <= _IN_RULES:
        return False
    cells = bare.removeprefix("|").removesuffix("|").split("|")
    return all(_RULE_CELL.fullmatch(cell.strip()) for cell in cells)


def lines_of(document: str) -> list[str]:
    r"""Cut after every \n only: other characters that end a line do so for Python, not here."""
    lines = document.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _block(lines: Sequence[str], place: int) -> tuple[Kind, int]:
    """Return what begins at a line, and where it ends."""
    if fence := fence_of(lines[place]):
        return "code", _end_of_code(lines, place + 1, fence[1])
    if _begins_table(lines, place):
        end = place + 2
        while end < len(lines) and "|" in lines[end]:
            end += 1
        return "table", end
    end = place + 1
    while end < len(lines) and lines[end].strip():
        if fence_of(lines[end]) or _begins_table(lines, end):
            break
        end += 1
    return "text", end


def _end_of_code(lines: Sequence[str], place: int, mark: str) -> int:
    while place < len(lines):
        place += 1
        if closes(lines[place - 1], mark):
            break
    return place


def _begins_table(lines: Sequence[str], place: int) -> bool:
    if "|" not in lines[place] or place + 1 == len(lines):
        return False
    return is_rule(lines[place + 1])
