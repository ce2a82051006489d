"""A card's JSON, of either generation: what is read out of it, and walked through.

Cards come from hostile clients, so nothing here recurses (card-json-v2-structure,
card-json-structure).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

CardJson = dict[str, Any]

SCHEMA_2: Final = "2.0"
DEEPEST: Final = 100
"""Levels of nesting; the platform's own limit is not documented, and no real card comes near."""


def is_schema_2(card: CardJson) -> bool:
    return card.get("schema") == SCHEMA_2


def size(card: CardJson) -> int:
    """Return how many bytes the card is, written as compactly as it can be."""
    return len(orjson.dumps(card))


def is_writable(card: CardJson) -> bool:
    """Tell whether it can be written as JSON in UTF-8; half a surrogate pair cannot."""
    try:
        orjson.dumps(card)
    except orjson.JSONEncodeError:
        return False
    return True


def copied(card: CardJson) -> CardJson:
    """Return a copy that shares nothing."""
    copy: CardJson = orjson.loads(orjson.dumps(card))
    return copy


def config(card: CardJson) -> CardJson:
    """Return the card's `config`, empty if it has none."""
    found = card.get("config")
    return found if isinstance(found, dict) else {}


def is_streaming(card: CardJson) -> bool:
    return is_schema_2(card) and config(card).get("streaming_mode") is True


def is_shared(card: CardJson) -> bool:
    """Tell whether an update is seen by all: `update_multi`, which is on by default in 2.0."""
    return config(card).get("update_multi", is_schema_2(card)) is True


def depth(root: Any) -> int:
    """Return how deep the nesting goes; a bare value is 0."""
    deepest, stack = 0, [(root, 0)]
    while stack:
        node, level = stack.pop()
        deepest = max(deepest, level)
        stack.extend((child, level + 1) for child in _children(node))
    return deepest


def objects(root: Any) -> Iterator[CardJson]:
    """Yield every object inside, a parent before its children, in the order they are written."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield node
        stack.extend(reversed(_children(node)))


def elements(root: Any) -> Iterator[CardJson]:
    """Yield what counts as a component or an element: every object with a `tag`."""
    return (node for node in objects(root) if "tag" in node)


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return list(node) if isinstance(node, list) else []
