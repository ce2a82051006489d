"""A user's message: im.message.receive_v1, and the older `message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from simulator.events.envelopes import milliseconds, v1_event, v2_event
from simulator.world.people import TENANT_KEY, ChatKind
from simulator.world.plaintext import plain_text

if TYPE_CHECKING:
    from simulator.events.event import Event
    from simulator.ids import EventId
    from simulator.world.messages import Mention, Message
    from simulator.world.people import App, Chat, User


def message_event(app: App, chat: Chat, sender: User, message: Message, event_id: EventId) -> Event:
    """Build im.message.receive_v1 (im-v1/message/events/receive, facts 8).

    The same message with the same event_id gives the same bytes.
    """
    return v2_event(
        app,
        "im.message.receive_v1",
        {"sender": _sender(sender), "message": _message(chat, message)},
        event_id=event_id,
        at=message.created_at,
        message_id=message.message_id,
        chat_id=chat.chat_id,
    )


def v1_message_event(
    app: App, chat: Chat, sender: User, message: Message, event_id: EventId
) -> Event:
    """Build the `message` event of the first generation, as it was captured.

    Mentions are `<at>` tags in `text`; other types than text come as their content's JSON.
    """
    body = {
        "chat_type": "private" if chat.kind is ChatKind.P2P else "group",
        "employee_id": sender.user_id,
        "is_mention": any(mention.kind == "bot" for mention in message.mentions),
        "lark_version": "lark/7.64.6",
        "message_id": "",
        "msg_type": message.msg_type,
        "open_chat_id": chat.chat_id,
        "open_id": sender.open_id,
        "open_message_id": message.message_id,
        "parent_id": message.place.parent_id or "",
        "root_id": message.place.root_id or "",
        "union_id": sender.union_id,
        "user_agent": "",
        "user_open_id": sender.open_id,
        **_v1_words(message),
    }
    return v1_event(
        app,
        "message",
        body,
        event_id=event_id,
        at=message.created_at,
        message_id=message.message_id,
        chat_id=chat.chat_id,
    )


def _v1_words(message: Message) -> dict[str, str]:
    if message.msg_type != "text":
        return {"text": plain_text(message), "content": message.content}
    text = without_bot = str(orjson.loads(message.content).get("text", ""))
    for mention in message.mentions:
        tag = f'<at open_id="{mention.open_id}">@{mention.name}</at>'
        text = text.replace(mention.key, tag, 1)
        without_bot = without_bot.replace(mention.key, "" if mention.kind == "bot" else tag, 1)
    return {"text": text, "text_without_at_bot": without_bot}


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
        "create_time": milliseconds(message.created_at),
        "update_time": milliseconds(message.updated_at),
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
