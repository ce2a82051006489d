"""Messages, users' and the bot's: the newest ones are kept, the oldest fall off."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.ids import ChatId, EventId, MessageId, ThreadId
    from simulator.world.card import Card
    from simulator.world.reactions import Reaction

KEPT_REVISIONS = 100
"""How many revisions of one message are kept, the first and the newest; all are counted."""


class SenderKind(StrEnum):
    """`sender_type`, as the platform spells it."""

    USER = "user"
    APP = "app"


@dataclass(frozen=True, slots=True)
class Sender:
    """`address` is a user's open_id, or the app's app_id."""

    kind: SenderKind
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Mention:
    """`key` is the placeholder in the text; `kind` is `user` or `bot`."""

    key: str
    name: str
    open_id: str
    union_id: str
    user_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a chat a message stands; all empty for one that answers nothing."""

    root_id: MessageId | None = None
    parent_id: MessageId | None = None
    thread_id: ThreadId | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a message's content. `at` is seconds since the epoch."""

    content: str
    at: float = field(default_factory=time.time)


@dataclass(slots=True)
class Message:
    """`event_id` is the event that told the bot of it; the bot's own messages have none."""

    message_id: MessageId
    chat_id: ChatId
    sender: Sender
    msg_type: str
    revisions: list[Revision]
    place: Place = Place()
    mentions: tuple[Mention, ...] = ()
    event_id: EventId | None = None
    upper_message_id: MessageId | None = None
    edits: int = 0
    recalled_at: float | None = None
    reactions: list[Reaction] = field(default_factory=list)
    dropped_revisions: int = 0
    card: Card | None = field(default=None, repr=False)

    @property
    def content(self) -> str:
        """The newest revision, a JSON text whose shape `msg_type` decides."""
        return self.revisions[-1].content

    @property
    def created_at(self) -> float:
        return self.revisions[0].at

    @property
    def updated_at(self) -> float:
        revised_at = self.revisions[-1].at
        return revised_at if self.card is None else max(revised_at, self.card.updated_at)

    @property
    def deleted(self) -> bool:
        return self.recalled_at is not None

    @property
    def revision_count(self) -> int:
        """Of the card, for a message that shows one."""
        if self.card is not None:
            return self.card.revisions
        return len(self.revisions) + self.dropped_revisions

    def revise(self, content: str) -> None:
        """Show `content` from now on; `Messages.changed` tells the others."""
        self.revisions.append(Revision(content))
        if len(self.revisions) > KEPT_REVISIONS:
            del self.revisions[1]
            self.dropped_revisions += 1

    def recall(self) -> None:
        self.recalled_at = time.time()

    def is_final(self) -> bool:
        """Tell whether its author has finished it: not while it shows a card that streams."""
        return self.card is None or not self.card.streaming


class Messages:
    """At most `keep` messages, oldest first, and who wants to hear of new and changed ones."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._kept: OrderedDict[MessageId, Message] = OrderedDict()
        self._replies: dict[MessageId, list[Message]] = {}
        self._listeners: list[Callable[[Message], None]] = []

    def __len__(self) -> int:
        return len(self._kept)

    def listen(self, listener: Callable[[Message], None]) -> None:
        """Have `listener` called with every message that appears or changes."""
        self._listeners.append(listener)

    def add(self, message: Message) -> None:
        self._kept[message.message_id] = message
        self._note_reply(message)
        if len(self._kept) > self._keep:
            oldest, _ = self._kept.popitem(last=False)
            self._replies.pop(oldest, None)
        self.changed(message)

    def changed(self, message: Message) -> None:
        """Tell the listeners of an edit, a recall, a reaction, or a card's new revision."""
        for listener in self._listeners:
            listener(message)

    def get(self, message_id: MessageId) -> Message | None:
        return self._kept.get(message_id)

    def bot_replies(self, message_id: MessageId) -> list[Message]:
        """Return what the bot has answered to that message, oldest first."""
        replies = self._replies.get(message_id, ())
        return [reply for reply in replies if reply.sender.kind is SenderKind.APP]

    def newest(self, limit: int, chat_id: ChatId | None = None) -> list[Message]:
        """Return up to `limit` messages of one chat or of all, newest last."""
        found = list(islice(self._newest_first(chat_id), limit))
        return found[::-1]

    def thread_start(self, chat_id: ChatId, thread_id: str) -> Message | None:
        """Return the oldest message kept of a thread."""
        return next(
            (
                message
                for message in self._kept.values()
                if message.place.thread_id == thread_id and message.chat_id == chat_id
            ),
            None,
        )

    def _newest_first(self, chat_id: ChatId | None) -> Iterator[Message]:
        for message in reversed(self._kept.values()):
            if chat_id is None or message.chat_id == chat_id:
                yield message

    def _note_reply(self, message: Message) -> None:
        # A reply is never older than its parent, so it falls off later: the parent's own
        # end is the right moment to forget its replies.
        parent = message.place.parent_id
        if parent is not None and parent in self._kept:
            self._replies.setdefault(parent, []).append(message)
