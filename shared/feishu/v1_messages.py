"""`message`, the event of the first generation, read into the model. Pure.

It names who is mentioned in tags, `<at open_id="ou_...">@Name</at>`, where newer events have
placeholders; so it is given those.
"""

from __future__ import annotations

import re
from typing import Any, Final

from shared.feishu.attachments import attachments_of
from shared.feishu.contents import text_of
from shared.feishu.envelope import content_of, id_of, optional_id
from shared.model.ids import ChatId, MessageId, OpenId
from shared.model.message import Mention, MessageReceived

_TAG: Final = re.compile(r'<at (?:open_id|user_id)="([^"]*)"[^>]*>@?(.*?)</at>', re.DOTALL)
_ALL: Final = ("all", "@_all")
_KEYS: Final = ("image_key", "file_key", "file_name", "duration", "title")


def read_v1_message(event: dict[str, Any]) -> MessageReceived:
    """Read a message.

    Raises:
        MalformedEvent: it lacks something that every message has.
    """
    kind = str(event.get("msg_type"))
    content = content_of(event.get("content")) or {key: event[key] for key in _KEYS if key in event}
    text, mentions = _said(event.get("text"))
    return MessageReceived(
        message_id=MessageId(id_of(event.get("open_message_id"), "message_id")),
        chat_id=ChatId(id_of(event.get("open_chat_id"), "chat_id")),
        chat_type="p2p" if event.get("chat_type") == "private" else "group",
        in_thread=False,
        sender=OpenId(str(event.get("open_id") or event.get("user_open_id") or "")),
        sent_by_user=True,
        text=text if kind == "text" else text or text_of(kind, content),
        mentions=mentions,
        kind=kind,
        attachments=attachments_of(kind, content),
        parent=_parent(event.get("parent_id")),
    )


def _said(text: object) -> tuple[str, tuple[Mention, ...]]:
    """Return a text with placeholders, and who they stand for."""
    mentions: list[Mention] = []

    def place(tag: re.Match[str]) -> str:
        if tag[1] in _ALL:
            return "@_all"
        mention = Mention(f"@_user_{len(mentions) + 1}", OpenId(tag[1]), tag[2])
        mentions.append(mention)
        return mention.key

    said = _TAG.sub(place, text) if isinstance(text, str) else ""
    return said, tuple(mentions)


def _parent(parent: object) -> MessageId | None:
    found = optional_id(parent, "parent_id")
    return MessageId(found) if found else None
