"""A document in pieces that one card or message can hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.feishu.markdown.blocks import Block, blocks, fence_of, is_rule, lines_of
from shared.feishu.markdown.tables import aligned, columns
from shared.feishu.texts import LARGEST, size, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TABLES: Final = 3
"""Tables that a card may hold; a fourth is refused (facts 3)."""

MOST_COLUMNS: Final = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """`source` is a part of the document, `text` the same as it is to be shown.

    The sources of all pieces, joined, are the document, character for character.
    """

    source: str
    text: str


def pieces(document: str, *, largest: int = LARGEST, tables: int = TABLES) -> list[Piece]:
    """Cut a document where a block ends if that can be had; at least one piece.

    Each has at most `largest` bytes as JSON writes them, and what was added. Code that is cut is
    closed and opened again, a table that is cut repeats its header. Of the tables of a piece
    `tables` remain, if they are not too wide; the others become code.
    """
    done, held, room = list[Piece](), list[Piece](), largest
    shown = 0
    for block in blocks(document):
        for part in _parts(block, largest):
            piece, is_table = _shown(part, tables - shown)
            need = size(piece.text)
            if held and need > room:
                done.append(_joined(held))
                held, room, shown = [], largest, 0
                piece, is_table = _shown(part, tables)
                need = size(piece.text)
            held.append(piece)
            room -= need
            shown += is_table
    return [*done, _joined(held)]


def _joined(held: Sequence[Piece]) -> Piece:
    return Piece("".join(each.source for each in held), "".join(each.text for each in held))


def _shown(part: tuple[Block, Piece], tables: int) -> tuple[Piece, bool]:
    """Return a part as it is shown if so many tables may be, and whether it is one."""
    block, piece = part
    lines = lines_of(piece.text)
    if block.kind != "table" or not is_rule("".join(lines[1:2])):
        return piece, False
    if tables > 0 and columns(lines[0]) <= MOST_COLUMNS:
        return piece, True
    return Piece(piece.source, aligned(lines)), False


def _parts(block: Block, largest: int) -> Iterator[tuple[Block, Piece]]:
    """Yield a block in parts that are small enough: mostly one."""
    if size(block.text) <= largest:
        yield block, Piece(block.text, block.text)
        return
    for source, opened, closed in _cut(block, largest):
        yield block, Piece(source, f"{opened}{source}{closed}")


def _cut(block: Block, largest: int) -> Iterator[tuple[str, str, str]]:
    """Yield parts of a block, each with what is to be put before and after it."""
    opened, closed = _frame(block)
    room = largest - size(opened) - size(closed)
    if block.kind == "text" or room < largest // 2:
        yield from ((part, "", "") for part in split(block.text, largest))
        return
    parts = list(_by_line(block.text, room))
    for number, part in enumerate(parts):
        first, last = number == 0, number == len(parts) - 1
        unended = "" if part.endswith("\n") else "\n"
        yield part, "" if first else opened, "" if last else unended + closed


def _frame(block: Block) -> tuple[str, str]:
    """Return what a part of a block is opened and closed with."""
    if block.kind != "code":
        return "".join(block.lines[:2]) if block.kind == "table" else "", ""
    fence = fence_of(block.lines[0])
    before, mark = fence or ("", "```")
    indent = " " * len(before) if before.strip(" \t>") else before
    opened = block.lines[0] if block.lines[0].endswith("\n") else f"{block.lines[0]}\n"
    return opened.replace(before, indent, 1), f"{indent}{mark}\n"


def _by_line(text: str, largest: int) -> Iterator[str]:
    """Yield as many whole lines as fit; a line that does not fit is cut by itself."""
    held, room = "", largest
    for line in lines_of(text):
        for part in split(line, largest):
            need = size(part)
            if held and need > room:
                yield held
                held, room = "", largest
            held += part
            room -= need
    yield held
