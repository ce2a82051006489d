"""The JSON of what the control API shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.rendering.cards import card_html
from simulator.rendering.emoji import emoji
from simulator.rendering.messages import message_html
from simulator.world.cards import rendered
from simulator.world.plaintext import plain_text

if TYPE_CHECKING:
    from simulator.gateway.deliveries import Delivery
    from simulator.world.messages import Message


def message_shape(message: Message) -> dict[str, object]:
    """Times are seconds since the epoch; `text` is what a person reads."""
    sender = message.sender
    return {
        "message_id": message.message_id,
        "chat_id": message.chat_id,
        "thread_id": message.place.thread_id,
        "root_id": message.place.root_id,
        "parent_id": message.place.parent_id,
        "sender": {"kind": sender.kind, "name": sender.name, "id": sender.address},
        "msg_type": message.msg_type,
        "text": plain_text(message),
        "content": message.content,
        "revisions": message.revision_count,
        "final": message.is_final(),
        "streaming": not message.is_final(),
        "card": rendered(message),
        "deleted": message.deleted,
        "edited": message.edits > 0,
        "reactions": _reactions(message),
        "create_time": message.created_at,
        "event_id": message.event_id,
    }


def drawn_shape(message: Message) -> dict[str, object]:
    """Return what the page shows: the same, and the words as sanitised HTML.

    `html` is a text's or a post's; `card_html` has that of each markdown source of a card.
    """
    shape = message_shape(message)
    card = shape.get("card")
    shape["html"] = message_html(message)
    shape["reactions"] = [
        {**each, "shown": emoji(str(each["emoji"]))} for each in _reactions(message)
    ]
    shape["card_html"] = card_html(card) if isinstance(card, dict) else {}
    return shape


def _reactions(message: Message) -> list[dict[str, object]]:
    """Return who reacted with what, the emoji in the order they first appeared."""
    by_emoji: dict[str, list[str]] = {}
    for reaction in message.reactions:
        by_emoji.setdefault(reaction.emoji, []).append(reaction.by.name)
    return [{"emoji": emoji, "by": names} for emoji, names in by_emoji.items()]


def delivery_shape(delivery: Delivery) -> dict[str, object]:
    """Times are seconds since the epoch."""
    return {
        "event_id": delivery.event_id,
        "message_id": delivery.message_id,
        "event_type": delivery.event_type,
        "route": delivery.route,
        "attempt": delivery.attempt,
        "connection": delivery.connection_id,
        "sent_at": delivery.sent_at,
        "acked_at": delivery.acked_at,
        "ack_code": delivery.ack_code,
        "error": delivery.error,
    }
