"""A press on a card: card.action.trigger (feishu-cards/card-callback-communication)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.events.envelopes import v2_event
from simulator.world.people import TENANT_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.events.event import Event
    from simulator.ids import ChatId, MessageId
    from simulator.world.people import App, User

ACTION_KEYS = (
    "value",
    "name",
    "form_value",
    "option",
    "options",
    "input_value",
    "checked",
    "timezone",
)
"""What an action may hold besides its `tag`; each kind of component sends its own."""


def press_event(
    app: App,
    user: User,
    message_id: MessageId,
    chat_id: ChatId,
    action: Mapping[str, object],
    token: str,
) -> Event:
    """Build a callback; `action` holds `tag` and what that component sends."""
    body = {
        "operator": {
            "tenant_key": TENANT_KEY,
            "user_id": user.user_id,
            "open_id": user.open_id,
            "union_id": user.union_id,
        },
        "token": token,
        "action": dict(action),
        "host": "im_message",
        "context": {"open_message_id": message_id, "open_chat_id": chat_id},
    }
    return v2_event(app, "card.action.trigger", body, message_id=message_id, chat_id=chat_id)
