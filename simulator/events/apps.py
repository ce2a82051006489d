"""The bot's menu, links that want a preview (client-docs/bot-v3, development-link-preview)."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from simulator.events.asked import Asked, EventKind, ids
from simulator.events.cards import ACTION_KEYS, press_event
from simulator.events.envelopes import v2_event
from simulator.world.people import TENANT_KEY

if TYPE_CHECKING:
    from simulator.events.event import Event


def _menu(asked: Asked) -> Event:
    user = asked.user()
    body = {
        "operator": {"operator_name": user.name, "operator_id": ids(user)},
        "event_key": asked.text("event_key"),
        "timestamp": int(time.time()),
    }
    return v2_event(asked.app, "application.bot.menu_v6", body)


def _preview(asked: Asked) -> Event:
    user, message = asked.user(), asked.message()
    body = {
        "operator": {"tenant_key": TENANT_KEY, "user_id": user.user_id, "open_id": user.open_id},
        "host": "im_message",
        "delivery_type": "url_preview",
        "context": {
            "url": asked.text("url"),
            "preview_token": str(uuid.uuid4()),
            "open_message_id": message.message_id,
            "open_chat_id": message.chat_id,
        },
    }
    return v2_event(
        asked.app,
        "url.preview.get",
        body,
        message_id=message.message_id,
        chat_id=message.chat_id,
    )


def _pressed(asked: Asked) -> Event:
    """Press any component on the newest card, or on that of a message."""
    message = asked.message(lambda each: each.card is not None)
    action = {key: asked.parameters[key] for key in ACTION_KEYS if asked.given(key)}
    token = asked.world.callback_tokens.issue(message.message_id)
    return press_event(
        asked.app,
        asked.user(),
        message.message_id,
        message.chat_id,
        {"tag": asked.text("tag"), **action},
        token,
    )


_PRESS = {
    "user": "alice",
    "message_id": "",
    "tag": "button",
    "value": "",
    "name": "",
    "form_value": "",
    "option": "",
    "options": "",
    "input_value": "",
    "checked": "",
    "timezone": "",
}

KINDS = (
    EventKind(
        "application.bot.menu_v6",
        "A user chooses an item of the bot's menu",
        {"user": "alice", "event_key": "help"},
        _menu,
    ),
    EventKind(
        "url.preview.get",
        "A callback: a link wants a preview",
        {"user": "alice", "message_id": "", "url": "https://example.com/test"},
        _preview,
    ),
    EventKind("card.action.trigger", "A callback: a user uses a card", _PRESS, _pressed),
)
