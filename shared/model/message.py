"""A message that a user sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from shared.model.ids import ChatId, MessageId, OpenId

ChatType = Literal["p2p", "group"]

MENTION: Final = re.compile(r"@_user_\d+|@_all")
"""What the platform leaves in a text where somebody is addressed (facts 8)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody addressed in a message under the placeholder `key`."""

    key: str
    open_id: OpenId
    name: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came with a message and can be fetched by its key."""

    kind: Literal["image", "file", "audio", "video"]
    key: str
    name: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """`im.message.receive_v1`, read.

    `text` still holds the placeholders of its mentions; a message that is not text has a word in
    brackets instead, such as `[image]`. `parent` is the message that it quotes.
    """

    message_id: MessageId
    chat_id: ChatId
    chat_type: ChatType
    in_thread: bool
    sender: OpenId
    sent_by_user: bool
    text: str
    mentions: tuple[Mention, ...]
    kind: str = "text"
    attachments: tuple[Attachment, ...] = ()
    parent: MessageId | None = None

    def addresses(self, bot: OpenId) -> bool:
        """Whether the bot is meant: everything p2p, and its own mention in a group.

        Goes by id: two bots can bear one name.
        """
        return self.chat_type == "p2p" or any(m.open_id == bot for m in self.mentions)

    def text_for(self, bot: OpenId) -> str:
        """Return the text as the bot should read it: its own mention gone, the others by name."""
        spoken = {m.key: "" if m.open_id == bot else f"@{m.name}" for m in self.mentions}
        spoken.setdefault("@_all", "@all")
        return MENTION.sub(lambda found: spoken.get(found[0], found[0]), self.text).strip()
