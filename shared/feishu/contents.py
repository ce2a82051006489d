"""The content of a message as plain text.

Shapes: https://open.feishu.cn/document/server-docs/im-v1/message-content-description/message_content.
"""

from __future__ import annotations

from typing import Any


def text_of(message_type: str, content: dict[str, Any]) -> str:
    """Return what a text or post says; any other kind is named in brackets."""
    match message_type:
        case "text":
            text = content.get("text")
            return text if isinstance(text, str) else ""
        case "post":
            return _post(content)
        case _:
            return f"[{message_type}]"


def _post(content: dict[str, Any]) -> str:
    """A received post has no language key: `{title, content: [[node]]}` (facts 8)."""
    paragraphs = content.get("content")
    title = content.get("title")
    lines = [title] if isinstance(title, str) and title else []
    for paragraph in paragraphs if isinstance(paragraphs, list) else []:
        nodes = paragraph if isinstance(paragraph, list) else []
        lines.append("".join(_node(node) for node in nodes if isinstance(node, dict)))
    return "\n".join(lines)


def _node(node: dict[str, Any]) -> str:
    match node.get("tag"):
        case "text" | "md" | "code_block":
            return str(node.get("text") or "")
        case "a":
            return f"[{node.get('text') or ''}]({node.get('href') or ''})"
        case "at":  # the same placeholder as in a text
            return str(node.get("user_id") or "")
        case "img":
            return "[image]"
        case "media":
            return "[video]"
        case "emotion":
            return f":{node.get('emoji_type') or ''}:"
        case "hr":
            return "---"
        case _:
            return ""
