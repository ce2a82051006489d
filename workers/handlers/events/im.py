"""Messages and chats (server-docs/im-v1, server-docs/group)."""

from __future__ import annotations

from pydantic import Field

from workers.handlers.events.event import Event
from workers.handlers.events.fields import Ids, Shape


class Sender(Shape):
    sender_id: Ids = Field(default_factory=Ids)
    sender_type: str | None = None


class Message(Shape):
    """A message as the platform tells of it; `content` is JSON inside JSON."""

    message_id: str | None = None
    chat_id: str | None = None
    chat_type: str | None = None
    message_type: str | None = None
    content: str | None = None
    thread_id: str | None = None
    root_id: str | None = None
    parent_id: str | None = None


class MessageReceived(Event):
    """`im.message.receive_v1`."""

    sender: Sender = Field(default_factory=Sender)
    message: Message = Field(default_factory=Message)


class ReactionType(Shape):
    emoji_type: str | None = None


class Reaction(Event):
    """Somebody put an emoji on a message, or took it back."""

    message_id: str | None = None
    reaction_type: ReactionType = Field(default_factory=ReactionType)
    operator_type: str | None = None
    user: Ids = Field(default_factory=Ids, alias="user_id")

    @property
    def emoji(self) -> str | None:
        """Its name, such as THUMBSUP."""
        kind: object = self.reaction_type  # or whatever came
        return kind.emoji_type if isinstance(kind, ReactionType) else None


class ReactionCreated(Reaction):
    """`im.message.reaction.created_v1`."""


class ReactionDeleted(Reaction):
    """`im.message.reaction.deleted_v1`."""


class MessageRecalled(Event):
    """`im.message.recalled_v1`."""

    message_id: str | None = None
    chat_id: str | None = None
    recall_type: str | None = None


class Reader(Shape):
    reader_id: Ids = Field(default_factory=Ids)
    read_time: str | None = None


class MessageRead(Event):
    """`im.message.message_read_v1`: somebody read messages of the bot's."""

    reader: Reader = Field(default_factory=Reader)
    message_ids: list[str] = Field(default_factory=list, alias="message_id_list")


class ChatEvent(Event):
    """What `operator` did in a chat, or to it."""

    chat_id: str | None = None
    operator: Ids = Field(default_factory=Ids, alias="operator_id")
    name: str | None = None
    external: bool | None = None


class BotAdded(ChatEvent):
    """`im.chat.member.bot.added_v1`: the bot was taken into a group."""


class BotDeleted(ChatEvent):
    """`im.chat.member.bot.deleted_v1`: the bot was taken out of a group."""


class ChatEntered(ChatEvent):
    """`im.chat.access_event.bot_p2p_chat_entered_v1`: somebody opened the chat with the bot."""

    last_message_id: str | None = None


class ChatProperties(Shape):
    name: str | None = None
    description: str | None = None
    owner_id: Ids | None = None


class ChatUpdated(ChatEvent):
    """`im.chat.updated_v1`: `before` and `after` hold what was changed."""

    before: ChatProperties = Field(default_factory=ChatProperties, alias="before_change")
    after: ChatProperties = Field(default_factory=ChatProperties, alias="after_change")


class ChatDisbanded(ChatEvent):
    """`im.chat.disbanded_v1`."""


class Member(Shape):
    name: str | None = None
    tenant_key: str | None = None
    user_id: Ids = Field(default_factory=Ids)


class MembersAdded(ChatEvent):
    """`im.chat.member.user.added_v1`: `users` joined."""

    users: list[Member] = Field(default_factory=list)


class MembersDeleted(ChatEvent):
    """`im.chat.member.user.deleted_v1`, `…withdrawn_v1`: `users` left, or were not let in."""

    users: list[Member] = Field(default_factory=list)
