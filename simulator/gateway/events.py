"""An event on its way to the app, and the JSON of those the platform itself makes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import orjson

from simulator.ids import EventId, MessageId, fresh_event_id
from simulator.world.people import TENANT_KEY

if TYPE_CHECKING:
    from simulator.world.messages import Mention, Message
    from simulator.world.people import App, Chat, User

CALLBACKS = frozenset({"card.action.trigger", "url.preview.get"})
"""Pushed once and never again, whatever the answer (facts 2.4)."""


class Order(StrEnum):
    """In which order the parts of a split event are sent."""

    IN_ORDER = "in order"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Event:
    """`payload` is sent as it is, cut into `parts` frames."""

    event_id: EventId
    payload: bytes
    message_id: MessageId | None = None
    parts: int = 1
    order: Order = Order.IN_ORDER
    redelivered: bool = True


def message_event(app: App, chat: Chat, sender: User, message: Message, event_id: EventId) -> Event:
    """Build im.message.receive_v1 (im-v1/message/events/receive, facts 8).

    The same message with the same event_id gives the same bytes.
    """
    body = {
        "schema": "2.0",
        "header": {
            "event_id": event_id,
            "token": "",  # over the long connection it is empty (facts 1.5)
            "create_time": _milliseconds(message.created_at),
            "event_type": "im.message.receive_v1",
            "tenant_key": TENANT_KEY,
            "app_id": app.app_id,
        },
        "event": {"sender": _sender(sender), "message": _message(chat, message)},
    }
    return Event(event_id, orjson.dumps(body), message.message_id)


def given_event(payload: bytes) -> Event:
    """Wrap an event someone wrote: pushed as it is, but for an identity that is missing.

    An object with a `header` gets `header.event_id`, a v1 object its outer `uuid`; bytes that
    are neither are pushed untouched under an id that only the simulator knows.
    """
    try:
        body = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return Event(fresh_event_id(), payload)
    if not isinstance(body, dict):
        return Event(fresh_event_id(), payload)
    holder, key = _identity(body)
    if holder is None:
        return Event(fresh_event_id(), payload)
    if key not in holder:
        holder[key] = fresh_event_id()
        payload = orjson.dumps(body)
    return Event(
        EventId(str(holder[key])),
        payload,
        _message_id(body),
        redelivered=holder.get("event_type") not in CALLBACKS,
    )


def _identity(body: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    header = body.get("header")
    if isinstance(header, dict):
        return header, "event_id"
    if "header" not in body and isinstance(body.get("event"), dict):
        return body, "uuid"
    return None, ""


def _message_id(body: dict[str, Any]) -> MessageId | None:
    event = body.get("event")
    message = event.get("message") if isinstance(event, dict) else None
    found = message.get("message_id") if isinstance(message, dict) else None
    return MessageId(found) if isinstance(found, str) else None


def _sender(user: User) -> dict[str, object]:
    return {
        "sender_id": {
            "open_id": user.open_id,
            "union_id": user.union_id,
            "user_id": user.user_id,
        },
        "sender_type": "user",
        "tenant_key": TENANT_KEY,
    }


def _message(chat: Chat, message: Message) -> dict[str, object]:
    body: dict[str, object] = {
        "message_id": message.message_id,
        "create_time": _milliseconds(message.created_at),
        "update_time": _milliseconds(message.updated_at),
        "chat_id": chat.chat_id,
        "chat_type": chat.kind,
        "message_type": message.msg_type,
        "content": message.content,
    }
    place = message.place
    optional = {
        "root_id": place.root_id,
        "parent_id": place.parent_id,
        "thread_id": place.thread_id,
        "mentions": [_mention(mention) for mention in message.mentions],
    }
    body.update({key: value for key, value in optional.items() if value})
    return body


def _mention(mention: Mention) -> dict[str, object]:
    return {
        "key": mention.key,
        "id": {
            "open_id": mention.open_id,
            "union_id": mention.union_id,
            "user_id": mention.user_id,
        },
        "mentioned_type": mention.kind,
        "name": mention.name,
        "tenant_key": TENANT_KEY,
    }


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))
