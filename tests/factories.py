"""Events in the shapes the platform sends."""

from __future__ import annotations

import itertools
import json
from typing import Any

_numbers = itertools.count(1)

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc000000301010018dd8db00000000049454e44ae426082"
)
"""A picture of one pixel."""

BOT = "ou_bot"
MENTION_OF_BOT = {"key": "@_user_1", "id": {"open_id": BOT}, "name": "Larkspur"}


def message(
    text: str = "hello",
    *,
    event_id: str | None = None,
    message_id: str | None = None,
    chat: str = "oc_chat",
    chat_type: str = "p2p",
    thread: str | None = None,
    sender_type: str = "user",
    mentions: list[dict[str, Any]] | None = None,
    message_type: str = "text",
    content: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an `im.message.receive_v1` as it comes over the long connection."""
    number = next(_numbers)
    said: dict[str, Any] = {
        "chat_id": chat,
        "chat_type": chat_type,
        "content": json.dumps({"text": text} if content is None else content),
        "create_time": "1774004597216",
        "message_id": message_id or f"om_{number}",
        "message_type": message_type,
        "update_time": "1774004597216",
    }
    if mentions is not None:
        said["mentions"] = mentions
    if thread is not None:
        said["thread_id"] = thread
    return {
        "schema": "2.0",
        "header": {
            "event_id": event_id or f"event-{number}",
            "token": "",
            "create_time": "1774004597520",
            "event_type": "im.message.receive_v1",
            "tenant_key": "114effbf324f175f",
            "app_id": "cli_0123456789abcdef",
        },
        "event": {
            "message": said,
            "sender": {
                "sender_id": {"open_id": "ou_alice", "union_id": "on_alice", "user_id": "alice"},
                "sender_type": sender_type,
                "tenant_key": "114effbf324f175f",
            },
        },
    }


def pressed(
    *, event_id: str | None = None, chat: str = "oc_chat", value: Any = None
) -> dict[str, Any]:
    """Return a `card.action.trigger`: somebody pressed a button."""
    number = next(_numbers)
    return {
        "schema": "2.0",
        "header": {
            "event_id": event_id or f"event-{number}",
            "token": "",
            "create_time": "1774004597520000",
            "event_type": "card.action.trigger",
            "tenant_key": "114effbf324f175f",
            "app_id": "cli_0123456789abcdef",
        },
        "event": {
            "operator": {"tenant_key": "114effbf324f175f", "open_id": "ou_alice"},
            "token": f"c-{number}",
            "action": {"tag": "button", "value": {"act": "approve"} if value is None else value},
            "host": "im_message",
            "context": {"open_message_id": f"om_card_{number}", "open_chat_id": chat},
        },
    }


def payload(event: dict[str, Any]) -> bytes:
    """Return an event as bytes on the wire."""
    return json.dumps(event).encode()
