"""A message that was fetched, as if it had just been received. Pure.

https://open.feishu.cn/document/server-docs/im-v1/message/get
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from shared.feishu.events import MESSAGE_RECEIVED

if TYPE_CHECKING:
    from shared.model.ids import EventId


def as_received(item: dict[str, Any], event_id: EventId) -> bytes:
    """Return the event that told of a message, addressed to the bot whoever it mentions."""
    sender = item.get("sender") or {}
    message = {
        "message_id": item.get("message_id"),
        "parent_id": item.get("parent_id"),
        "chat_id": item.get("chat_id"),
        "thread_id": item.get("thread_id"),
        "chat_type": "p2p",
        "message_type": item.get("msg_type"),
        "content": (item.get("body") or {}).get("content"),
        "mentions": [_mention(each) for each in item.get("mentions") or []],
    }
    event = {
        "sender": {"sender_id": {"open_id": sender.get("id")}, "sender_type": "user"},
        "message": message,
    }
    header = {"event_id": event_id, "event_type": MESSAGE_RECEIVED}
    return orjson.dumps({"schema": "2.0", "header": header, "event": event})


def _mention(mention: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": mention.get("key"),
        "name": mention.get("name"),
        "id": {"open_id": mention.get("id")},
    }
