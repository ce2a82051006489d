"""Users saying things: from words and names to a message and its event."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import orjson

from simulator.control.refusals import not_found, refuse
from simulator.gateway.events import message_event
from simulator.ids import MessageId, fresh_event_id, fresh_message_id, fresh_thread_id
from simulator.world.messages import Mention, Message, Place, Revision, Sender, SenderKind
from simulator.world.people import ChatKind

if TYPE_CHECKING:
    from simulator.gateway.events import Event
    from simulator.ids import EventId
    from simulator.world.people import App, Chat, User
    from simulator.world.world import World

BOT_ALIAS: Final = "bot"
EVERYBODY: Final = "all"


class Saying:
    """Puts a user's message into the world and returns it with its event."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._mentioned = _mentionable(world.app, world.users)
        names = "|".join(re.escape(name) for name in (*self._mentioned, EVERYBODY))
        self._at = re.compile(rf"(?<![A-Za-z0-9_.])@({names})(?![A-Za-z0-9_])")

    def say(
        self, user_name: str, chat_name: str, text: str, thread: str | None, reply_to: str | None
    ) -> tuple[Message, Event]:
        """Say `text` as that user; unknown names end in a 404, impossible ones in a 400."""
        user = self.user(user_name)
        chat = self.chat(chat_name, user)
        place = self._place(chat, thread, reply_to)
        mentions: list[Mention] = []
        if chat.kind is ChatKind.GROUP:
            text = self._at.sub(lambda match: self._mention(match[1], mentions), text)
        message = Message(
            message_id=fresh_message_id(),
            chat_id=chat.chat_id,
            sender=Sender(SenderKind.USER, user.open_id, user.name),
            msg_type="text",
            revisions=[Revision(_content(text))],
            place=place,
            mentions=tuple(mentions),
            event_id=fresh_event_id(),
        )
        self._world.messages.add(message)
        return message, self.event_of(message)

    def event_of(self, message: Message, event_id: EventId | None = None) -> Event:
        """Return the event that tells the app of a user's message, the same every time.

        With an `event_id` only the identity differs from the first one's.
        """
        if message.event_id is None:
            refuse("the bot's own messages are not delivered to it")
        user = self.user(message.sender.address)
        chat = self._world.chats[message.chat_id]
        return message_event(self._world.app, chat, user, message, event_id or message.event_id)

    def user(self, name: str) -> User:
        return self._world.user(name) or not_found(f"there is no user {name!r}")

    def chat(self, name: str, user: User) -> Chat:
        """Find a chat by `p2p`, by its id, or by a group's name."""
        if name == ChatKind.P2P:
            return self._world.p2p_chat(user)
        chat = self._world.chats.get(name) or self._world.group(name)
        if chat is None:
            not_found(f"there is no chat {name!r}")
        if user.open_id not in chat.members:
            refuse(f"{user.name} is not in that chat")
        return chat

    def _place(self, chat: Chat, thread: str | None, reply_to: str | None) -> Place:
        if reply_to is not None:
            parent = self._world.messages.get(MessageId(reply_to))
            if parent is None or parent.chat_id != chat.chat_id:
                not_found("the chat has no such message to reply to")
            root = parent.place.root_id or parent.message_id
            return Place(root, parent.message_id, parent.place.thread_id)
        if thread is None:
            return Place()
        if thread == "new":
            return Place(thread_id=fresh_thread_id())
        start = self._world.messages.thread_start(chat.chat_id, thread)
        if start is None or start.place.thread_id is None:
            not_found(f"the chat has no thread {thread!r}")
        root = start.place.root_id or start.message_id
        return Place(root, root, start.place.thread_id)

    def _mention(self, name: str, mentions: list[Mention]) -> str:
        if name == EVERYBODY:
            return "@_all"
        key = f"@_user_{len(mentions) + 1}"
        mentions.append(replace(self._mentioned[name], key=key))
        return key


def _content(text: str) -> str:
    try:
        return orjson.dumps({"text": text}).decode()
    except orjson.JSONEncodeError:  # half a surrogate pair: no UTF-8, but good as an escape
        return json.dumps({"text": text})


def _mentionable(app: App, users: tuple[User, ...]) -> dict[str, Mention]:
    """Return whom `@name` means, as mentions that only lack their key."""
    bot = Mention("", app.bot_name, app.bot_open_id, app.bot_union_id, "", "bot")
    people = {
        user.name: Mention("", user.name, user.open_id, user.union_id, user.user_id, "user")
        for user in users
    }
    return {**people, BOT_ALIAS: bot, app.bot_name: bot}
