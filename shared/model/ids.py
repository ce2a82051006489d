"""The ids that travel, each a type of its own so that none is passed for another."""

from __future__ import annotations

from typing import Literal, NewType

AppId = NewType("AppId", str)
"""An app of the platform, `cli_` and 16 hex digits."""

EventId = NewType("EventId", str)
"""One thing that happened; all its deliveries share it."""

MessageId = NewType("MessageId", str)
"""A message in a chat, `om_...`."""

CardId = NewType("CardId", str)
"""A card entity: what one message shows and cardkit changes."""

ChatId = NewType("ChatId", str)
"""A p2p or group chat, `oc_...`."""

OpenId = NewType("OpenId", str)
"""A user or bot as this app sees it, `ou_...`."""

ConversationId = NewType("ConversationId", str)
"""The unit of order: a chat, or `chat:thread`. Only characters that need no escaping anywhere."""

HistoryId = NewType("HistoryId", str)
"""Who shares a past: a chat, a conversation, or a user in one."""

Fence = NewType("Fence", int)
"""Grows with every lease given out, so that a stale holder is recognised."""

LetterId = NewType("LetterId", str)
"""A dead letter: the id of the event it begins with."""


def history_of(
    scope: Literal["chat", "thread", "user"], conversation: ConversationId, user: OpenId
) -> HistoryId:
    """Return the past that a user's message in a conversation belongs to."""
    match scope:
        case "chat":
            return HistoryId(chat_of(conversation))
        case "thread":
            return HistoryId(conversation)
        case "user":
            return HistoryId(f"{conversation}:{user}")


def chat_of(conversation: ConversationId) -> ChatId:
    """Return the chat that a conversation of messages is in."""
    return ChatId(conversation.partition(":")[0])
