"""The JSON of what the control API shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        "revisions": len(message.revisions),
        "final": message.is_final(),
        "create_time": message.created_at,
        "event_id": message.event_id,
    }


def delivery_shape(delivery: Delivery) -> dict[str, object]:
    """Times are seconds since the epoch."""
    return {
        "event_id": delivery.event_id,
        "message_id": delivery.message_id,
        "attempt": delivery.attempt,
        "connection": delivery.connection_id,
        "sent_at": delivery.sent_at,
        "acked_at": delivery.acked_at,
        "ack_code": delivery.ack_code,
        "error": delivery.error,
    }
