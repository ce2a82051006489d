"""Users saying things: from words and names to a message and its event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.control.composing import Composing
from simulator.control.mentioning import Mentioning
from simulator.control.refusals import not_found, optional_text_field, refuse, text_field
from simulator.events.messages import message_event, v1_message_event
from simulator.ids import MessageId, fresh_event_id, fresh_message_id, fresh_thread_id
from simulator.world.messages import Message, Place, Revision, Sender, SenderKind
from simulator.world.people import ChatKind

if TYPE_CHECKING:
    from simulator.control.composing import Composed
    from simulator.events.event import Event
    from simulator.ids import EventId
    from simulator.world.people import Chat, User
    from simulator.world.world import World


class Saying:
    """Puts a user's message into the world and returns it with its event."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._composing = Composing(world, Mentioning(world))

    def send(self, asked: dict[str, Any]) -> tuple[Message, Event]:
        """Send what a body asks for; unknown names end in a 404, impossible ones in a 400."""
        user = self.user(text_field(asked, "user"))
        chat = self.chat(text_field(asked, "chat", "p2p"), user)
        place = self._place(
            chat, optional_text_field(asked, "thread"), optional_text_field(asked, "reply_to")
        )
        composed = self._composing.compose(asked, mentioning=chat.kind is ChatKind.GROUP)
        message = self._put(user, chat, composed, place)
        return message, self.event_of(message, v1=asked.get("v1") is True)

    def say(self, user: User, chat: Chat, text: str) -> tuple[Message, Event]:
        """Say a text; the short way for whoever says many."""
        composed = self._composing.text(text, mentioning=chat.kind is ChatKind.GROUP)
        message = self._put(user, chat, composed, Place())
        return message, self.event_of(message)

    def event_of(
        self, message: Message, event_id: EventId | None = None, *, v1: bool = False
    ) -> Event:
        """Return the event that tells the app of a user's message, the same every time.

        With an `event_id` only the identity differs from the first one's; with `v1` it is the
        event of the first generation.
        """
        if message.event_id is None:
            refuse("the bot's own messages are not delivered to it")
        user = self.user(message.sender.address)
        chat = self._world.chats[message.chat_id]
        make = v1_message_event if v1 else message_event
        return make(self._world.app, chat, user, message, event_id or message.event_id)

    def heard_in(self, message: Message) -> bool:
        """Tell whether the bot is in the message's chat, and so is told of it."""
        return self._world.bot_is_in(self._world.chats[message.chat_id])

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
            return self._under(chat, MessageId(reply_to), starts_thread=thread == "new")
        if thread is None:
            return Place()
        if thread == "new":
            return Place(thread_id=fresh_thread_id())
        start = self._world.messages.thread_start(chat.chat_id, thread)
        if start is None or start.place.thread_id is None:
            not_found(f"the chat has no thread {thread!r}")
        root = start.place.root_id or start.message_id
        return Place(root, root, start.place.thread_id)

    def _under(self, chat: Chat, message_id: MessageId, *, starts_thread: bool) -> Place:
        parent = self._world.messages.get(message_id)
        if parent is None or parent.chat_id != chat.chat_id:
            not_found("the chat has no such message to reply to")
        if starts_thread and parent.place.thread_id is None:
            parent.place = replace(parent.place, thread_id=fresh_thread_id())
            self._world.messages.changed(parent)
        root = parent.place.root_id or parent.message_id
        return Place(root, parent.message_id, parent.place.thread_id)

    def _put(self, user: User, chat: Chat, composed: Composed, place: Place) -> Message:
        message = Message(
            message_id=fresh_message_id(),
            chat_id=chat.chat_id,
            sender=Sender(SenderKind.USER, user.open_id, user.name),
            msg_type=composed.msg_type,
            revisions=[Revision(composed.content)],
            place=place,
            mentions=composed.mentions,
            event_id=fresh_event_id(),
        )
        for part in composed.merged:
            copy = replace(
                part,
                message_id=fresh_message_id(),
                revisions=[*part.revisions],
                place=Place(),
                reactions=[],
                card=None,
                upper_message_id=message.message_id,
            )
            self._world.messages.add(copy)
        self._world.messages.add(message)
        return message
