"""The platform's identifiers, each its own type, and how fresh ones are made."""

from __future__ import annotations

import secrets
from typing import NewType

AppId = NewType("AppId", str)
OpenId = NewType("OpenId", str)
ChatId = NewType("ChatId", str)
MessageId = NewType("MessageId", str)
ThreadId = NewType("ThreadId", str)
EventId = NewType("EventId", str)
ConnectionId = NewType("ConnectionId", str)
CardId = NewType("CardId", str)
FrameId = NewType("FrameId", str)
"""The `message_id` header of a frame: names one delivery, and is not a chat message's id."""


def fresh_message_id() -> MessageId:
    """Return an id in the platform's newer form, `om_x100b` and 27 hex digits (facts 8)."""
    return MessageId("om_x100b" + secrets.token_hex(14)[:27])


def fresh_thread_id() -> ThreadId:
    return ThreadId("omt_" + secrets.token_hex(6))


def fresh_event_id() -> EventId:
    """Return 32 hex digits."""
    return EventId(secrets.token_hex(16))


def fresh_frame_id() -> FrameId:
    return FrameId(secrets.token_hex(16))


def fresh_connection_id() -> ConnectionId:
    """Return 19 digits, as `device_id` has in the platform's connection URLs."""
    return ConnectionId(str(7 * 10**18 + secrets.randbelow(10**17)))


def fresh_card_id() -> CardId:
    """Return 19 digits, as the platform's card ids have."""
    return CardId(str(7 * 10**18 + secrets.randbelow(10**17)))
