"""What a person reads in a message: its words, without the markup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.world.card_json import CardJson
    from simulator.world.messages import Message

WORDS = ("text", "content")
"""The keys that hold words, in posts and in both generations of cards."""


def plain_text(message: Message) -> str:
    """Return the words, mentions as `@name`, always fit for UTF-8."""
    card = message.card
    shown = _parsed(message.content) if card is None else _without_config(card.content)
    text = "\n".join(_words(shown))
    for mention in message.mentions:
        text = text.replace(mention.key, f"@{mention.name}", 1)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without_config(card: CardJson) -> CardJson:
    # Its summary is for the list of chats, and says again what the body says.
    return {key: part for key, part in card.items() if key != "config"}


def _parsed(content: str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:  # half a surrogate pair, which a user's text may hold
        return json.loads(content)


def _words(root: Any) -> Iterator[str]:
    # A stack and not recursion: a card may be nested deeper than Python recurses.
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(reversed(node))
        elif isinstance(node, dict):
            yield from (node[key] for key in WORDS if isinstance(node.get(key), str))
            stack.extend(child for child in reversed(node.values()) if not isinstance(child, str))
