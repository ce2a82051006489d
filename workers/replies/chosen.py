"""The form of replies that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.replies.card import CardReply
from workers.replies.text import TextReply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from shared.feishu.client import Feishu
    from shared.model.draft import Draft
    from shared.model.ids import ConversationId, MessageId
    from shared.settings import Reply as ReplySettings
    from workers.replies.reply import Reply, Sent


class Replies:
    """Makes a reply to a question, in the form of `LARKSPUR_REPLY__FORM`."""

    def __init__(self, feishu: Feishu, settings: ReplySettings) -> None:
        self._feishu = feishu
        self._settings = settings

    def to(
        self,
        question: MessageId,
        conversation: ConversationId,
        *,
        in_thread: bool,
        draft: Draft,
        keep: Callable[[Draft], Awaitable[None]],
        sent: Sent,
    ) -> Reply:
        """Return a reply that is not open yet. `keep` remembers every step of it as a draft.

        A draft that names a card has been a card's before, and remains it.
        """
        if self._settings.form == "text" and draft.card is None:
            return TextReply(self._feishu, question, in_thread=in_thread, sent=sent)
        return CardReply(
            self._feishu,
            question,
            conversation,
            in_thread=in_thread,
            draft=draft,
            keep=keep,
            sent=sent,
            interval=self._settings.interval,
        )
