"""What came with a message and can be fetched. Pure.

Stickers, and what is in cards and merged messages, cannot be (facts 3).
"""

from __future__ import annotations

from typing import Any, Literal

from shared.feishu.posts import nodes_of
from shared.model.message import Attachment

Kind = Literal["image", "file", "audio", "video"]


def attachments_of(message_type: str, content: dict[str, Any]) -> tuple[Attachment, ...]:
    """Return the attachments of a message, in order, each once; what has no key is left out."""
    parts = nodes_of(content) if message_type == "post" else [{**content, "tag": message_type}]
    found = dict.fromkeys(
        _attachment(kind, part) for part in parts if (kind := _kind(part.get("tag")))
    )
    return tuple(each for each in found if each.key)


def _kind(tag: object) -> Kind | None:
    match tag:
        case "image" | "img":
            return "image"
        case "file":
            return "file"
        case "audio":
            return "audio"
        case "media":
            return "video"
        case _:
            return None


def _attachment(kind: Kind, content: dict[str, Any]) -> Attachment:
    key = content.get("image_key" if kind == "image" else "file_key")
    duration = content.get("duration")
    return Attachment(
        kind=kind,
        key=key if isinstance(key, str) else "",
        name=str(content.get("file_name") or ""),
        seconds=duration / 1000 if isinstance(duration, int) else None,
    )
