"""`im.message.receive_v1`, read into the model. Pure: bytes in, values out.

Shapes: facts 8, and https://open.feishu.cn/document/server-docs/im-v1/message/events/receive.
"""

from __future__ import annotations

from typing import Any

from shared.errors import MalformedEvent
from shared.feishu.contents import text_of
from shared.feishu.envelope import id_of, object_of, parsed
from shared.model.ids import ChatId, MessageId, OpenId
from shared.model.message import Mention, MessageReceived


def read_message(payload: bytes) -> MessageReceived:
    """Read a message.

    Raises:
        MalformedEvent: it lacks something that every message has.
    """
    event = object_of(object_of(parsed(payload), "not_an_object").get("event"), "no_event")
    message = object_of(event.get("message"), "no_message")
    sender = object_of(event.get("sender"), "no_sender")
    return MessageReceived(
        message_id=MessageId(id_of(message.get("message_id"), "message_id")),
        chat_id=ChatId(id_of(message.get("chat_id"), "chat_id")),
        chat_type="p2p" if message.get("chat_type") == "p2p" else "group",
        in_thread=bool(message.get("thread_id")),
        sender=OpenId(str(object_of(sender.get("sender_id"), "no_sender").get("open_id") or "")),
        sent_by_user=sender.get("sender_type") == "user",
        text=text_of(str(message.get("message_type")), _content(message.get("content"))),
        mentions=_mentions(message.get("mentions")),
    )


def _mentions(entries: object) -> tuple[Mention, ...]:
    """A mention that cannot be read addresses nobody, which is no fault of the message."""
    known = entries if isinstance(entries, list) else []
    return tuple(_mention(entry) for entry in known if isinstance(entry, dict))


def _mention(entry: dict[str, Any]) -> Mention:
    identity = entry.get("id")
    open_id = identity.get("open_id") if isinstance(identity, dict) else None
    return Mention(
        key=str(entry.get("key") or ""),
        open_id=OpenId(str(open_id or "")),
        name=str(entry.get("name") or ""),
    )


def _content(content: object) -> dict[str, Any]:
    """`content` is JSON inside JSON; what cannot be read has no text, which is no fault."""
    if not isinstance(content, str):
        return {}
    try:
        inner = parsed(content.encode())
    except MalformedEvent:
        return {}
    return inner if isinstance(inner, dict) else {}
