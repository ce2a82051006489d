"""Messages, read into the model. Pure: bytes in, values out.

Shapes: facts 8, and https://open.feishu.cn/document/server-docs/im-v1/message/events/receive.
"""

from __future__ import annotations

from typing import Any

from shared.feishu.attachments import attachments_of
from shared.feishu.contents import text_of
from shared.feishu.envelope import content_of, id_of, object_of, optional_id, parsed
from shared.feishu.events import V1_MESSAGE_RECEIVED
from shared.feishu.v1_messages import read_v1_message
from shared.model.ids import ChatId, MessageId, OpenId
from shared.model.message import Mention, MessageReceived


def read_message(payload: bytes) -> MessageReceived:
    """Read a message: `im.message.receive_v1`, or `message` of the first generation.

    Raises:
        MalformedEvent: it lacks something that every message has.
    """
    event = object_of(object_of(parsed(payload), "not_an_object").get("event"), "no_event")
    if event.get("type") == V1_MESSAGE_RECEIVED:
        return read_v1_message(event)
    message = object_of(event.get("message"), "no_message")
    sender = object_of(event.get("sender"), "no_sender")
    kind, content = str(message.get("message_type")), content_of(message.get("content"))
    return MessageReceived(
        message_id=MessageId(id_of(message.get("message_id"), "message_id")),
        chat_id=ChatId(id_of(message.get("chat_id"), "chat_id")),
        chat_type="p2p" if message.get("chat_type") == "p2p" else "group",
        in_thread=bool(message.get("thread_id")),
        sender=OpenId(str(object_of(sender.get("sender_id"), "no_sender").get("open_id") or "")),
        sent_by_user=sender.get("sender_type") == "user",
        text=text_of(kind, content),
        mentions=_mentions(message.get("mentions")),
        kind=kind,
        attachments=attachments_of(kind, content),
        parent=_quoted(message.get("parent_id")),
    )


def _quoted(parent: object) -> MessageId | None:
    """An id that cannot be read costs the quote, not the message."""
    found = optional_id(parent, "parent_id")
    return MessageId(found) if found else None


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
