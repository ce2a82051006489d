"""What people do to messages: react, recall, read (im-v1/message-reaction, im-v1/message)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from simulator.events.asked import Asked, EventError, EventKind, ids
from simulator.events.envelopes import milliseconds, v2_event
from simulator.world.messages import Sender, SenderKind
from simulator.world.people import TENANT_KEY
from simulator.world.reactions import react

if TYPE_CHECKING:
    from simulator.events.event import Event
    from simulator.world.messages import Message
    from simulator.world.people import App, User

CREATED = "im.message.reaction.created_v1"
DELETED = "im.message.reaction.deleted_v1"


def reaction_event(app: App, kind: str, user: User, message: Message, emoji: str) -> Event:
    body = {
        "message_id": message.message_id,
        "reaction_type": {"emoji_type": emoji},
        "operator_type": "user",
        "user_id": ids(user),
        "action_time": milliseconds(time.time()),
    }
    return v2_event(app, kind, body, message_id=message.message_id, chat_id=message.chat_id)


def recalled_event(app: App, message: Message) -> Event:
    body = {
        "message_id": message.message_id,
        "chat_id": message.chat_id,
        "recall_time": milliseconds(message.recalled_at or time.time()),
        "recall_type": "message_owner",
    }
    return v2_event(
        app,
        "im.message.recalled_v1",
        body,
        message_id=message.message_id,
        chat_id=message.chat_id,
    )


def read_event(app: App, user: User, message: Message) -> Event:
    reader = {
        "reader_id": ids(user),
        "read_time": milliseconds(time.time()),
        "tenant_key": TENANT_KEY,
    }
    body = {"reader": reader, "message_id_list": [message.message_id]}
    return v2_event(
        app,
        "im.message.message_read_v1",
        body,
        message_id=message.message_id,
        chat_id=message.chat_id,
    )


def _reacted(asked: Asked) -> Event:
    user, message, emoji = asked.user(), asked.message(), asked.text("emoji")
    if react(message, emoji, Sender(SenderKind.USER, user.open_id, user.name))[1]:
        asked.world.messages.changed(message)
    return reaction_event(asked.app, CREATED, user, message, emoji)


def _unreacted(asked: Asked) -> Event:
    user, message, emoji = asked.user(), asked.message(), asked.text("emoji")
    message.reactions[:] = [
        each for each in message.reactions if (each.emoji, each.by.address) != (emoji, user.open_id)
    ]
    asked.world.messages.changed(message)
    return reaction_event(asked.app, DELETED, user, message, emoji)


def _recalled(asked: Asked) -> Event:
    """Recall a user's message: only its owner can."""
    message = asked.message(lambda each: each.sender.kind is SenderKind.USER and not each.deleted)
    if message.sender.kind is not SenderKind.USER:
        raise EventError("a user recalls users' messages, and this is the bot's")
    if asked.given("user") and asked.user().open_id != message.sender.address:
        raise EventError("only who has sent a message recalls it")
    if message.deleted:
        raise EventError("the message is recalled already")
    message.recall()
    asked.world.messages.changed(message)
    return recalled_event(asked.app, message)


def _read(asked: Asked) -> Event:
    """Read one of the bot's messages: of others' the platform does not tell."""
    message = asked.message(lambda each: each.sender.kind is SenderKind.APP)
    if message.sender.kind is not SenderKind.APP:
        raise EventError("the bot is only told who reads its own messages")
    return read_event(asked.app, asked.user(), message)


_MESSAGE = {"user": "alice", "message_id": ""}

KINDS = (
    EventKind(CREATED, "A user reacts to a message", {**_MESSAGE, "emoji": "THUMBSUP"}, _reacted),
    EventKind(
        DELETED, "A user takes a reaction back", {**_MESSAGE, "emoji": "THUMBSUP"}, _unreacted
    ),
    EventKind(
        "im.message.recalled_v1",
        "A user recalls a message",
        {"user": "", "message_id": ""},
        _recalled,
    ),
    EventKind("im.message.message_read_v1", "A user reads the bot's message", _MESSAGE, _read),
)
