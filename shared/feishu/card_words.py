"""The words of a card, whatever its generation and whoever sent it. Pure.

Three shapes come: JSON 2.0, JSON 1.0, and what an old client is shown, which is paragraphs of
nodes as in a post.
https://open.feishu.cn/document/feishu-cards/card-json-v2-structure
https://open.feishu.cn/document/server-docs/im-v1/message-content-description/message_content
"""

from __future__ import annotations

from typing import Any, Final

from shared.feishu.posts import node_words

_NODES: Final = ("text", "a", "at", "img", "media", "emotion", "hr", "md", "code_block")
_UNSEEN: Final = frozenset(
    {"config", "card_link", "behaviors", "value", "confirm", "options", "i18n_elements"}
)
"""Parts that hold words which nobody sees, or not before doing something."""


def card_words(card: dict[str, Any]) -> str:
    """Return what a reader of a card sees, a line for each of its texts."""
    title = card.get("title")
    lines = [title] if isinstance(title, str) else []
    # A stack and not recursion: whoever sent it decides how deep it is.
    waiting = [card.get(part) for part in ("body", "elements", "header")]
    while waiting:
        part = waiting.pop()
        if (words := _words(part)) is not None:
            lines.append(words)
        elif isinstance(part, list):
            waiting += reversed(part)
        elif isinstance(part, dict):
            waiting += [part[key] for key in reversed(part) if key not in _UNSEEN]
    return "\n".join(line for line in lines if line.strip())


def _words(part: Any) -> str | None:
    """Return the words of what holds no further parts, else None."""
    match part:
        case [*nodes] if nodes and all(map(_is_node, nodes)):
            return "".join(node_words(node) for node in nodes)
        case {"tag": "plain_text" | "lark_md" | "markdown", "content": str(words)}:
            return words
        case dict(node) if _is_node(node):
            return node_words(node)
        case {"text": str(words)}:  # a button, as an old client is shown it
            return words
        case _:
            return None


def _is_node(part: Any) -> bool:
    return isinstance(part, dict) and part.get("tag") in _NODES
