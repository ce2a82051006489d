"""The markdown of a card: each source with its HTML, for whoever draws the card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulator.rendering.markdown import markdown_html

if TYPE_CHECKING:
    from collections.abc import Iterator

TAGS: Final = frozenset({"markdown", "lark_md"})


def card_html(card: dict[str, Any]) -> dict[str, str]:
    """Return the HTML of every markdown text the card holds, by its source."""
    return {source: markdown_html(source) for source in _sources(card)}


def _sources(root: Any) -> Iterator[str]:
    # A stack and not recursion: a card may be nested deeper than Python recurses.
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield from _own(node)
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _own(node: dict[str, Any]) -> Iterator[str]:
    if node.get("tag") in TAGS and isinstance(node.get("content"), str):
        yield node["content"]
    if node.get("tag") == "table":
        yield from _cells(node)


def _cells(table: dict[str, Any]) -> Iterator[str]:
    columns, rows = table.get("columns"), table.get("rows")
    names = {
        column.get("name")
        for column in (columns if isinstance(columns, list) else ())
        if isinstance(column, dict) and column.get("data_type") in TAGS
    }
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            yield from (row[name] for name in names if isinstance(row.get(name), str))
