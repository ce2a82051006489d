"""The words of a post, line by line. Pure.

A received post has no language key: `{title, content: [[node]]}` (facts 8).
https://open.feishu.cn/document/server-docs/im-v1/message-content-description/message_content
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN: Final = {"img": "[image]", "media": "[video]", "hr": "---"}


def post_words(content: dict[str, Any]) -> str:
    """Return what a post says; what it shows besides is named in brackets."""
    title = content.get("title")
    lines = [title] if isinstance(title, str) and title else []
    lines += ["".join(map(node_words, nodes)) for nodes in _paragraphs(content)]
    return "\n".join(lines)


def nodes_of(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a post, in order."""
    for nodes in _paragraphs(content):
        yield from nodes


def node_words(node: dict[str, Any]) -> str:
    """Return what one node says; nothing of one that is not known."""
    match node.get("tag"):
        case "text" | "md":
            return _text(node, "text")
        case "code_block":
            return f"```{_text(node, 'language').lower()}\n{_text(node, 'text')}\n```"
        case "a":
            return f"[{_text(node, 'text')}]({_text(node, 'href')})"
        case "at":  # the same placeholder as in a text
            return _text(node, "user_id")
        case "emotion":
            return f":{_text(node, 'emoji_type')}:"
        case str(tag):
            return _SHOWN.get(tag, "")
        case _:
            return ""


def _paragraphs(content: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """What is no paragraph is an empty one, what is no node is left out."""
    paragraphs = content.get("content")
    for paragraph in paragraphs if isinstance(paragraphs, list) else []:
        nodes = paragraph if isinstance(paragraph, list) else []
        yield [node for node in nodes if isinstance(node, dict)]


def _text(node: dict[str, Any], field: str) -> str:
    return str(node.get(field) or "")
