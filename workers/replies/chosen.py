"""The reply to a question, in the best form that can be had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.feishu.quota import Spending
from workers.replies.card import CardReply
from workers.replies.delivery import Delivery
from workers.replies.forms import Forms
from workers.replies.plain import PlainReply
from workers.replies.reaction import seen
from workers.replies.sheets import Sheets

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from shared.feishu.client import Feishu
    from shared.model.draft import Draft
    from shared.model.ids import MessageId
    from shared.model.target import Target
    from shared.settings import Reply as ReplySettings
    from workers.replies.pictures import Pictures
    from workers.replies.reply import Reply, Sent

_SPARSE: Final = 10
"""How many times longer the interval between revisions is while calls are to be saved."""


class Replies:
    """Makes replies, from `LARKSPUR_REPLY__FORM` down to what the platform takes."""

    def __init__(self, feishu: Feishu, pictures: Pictures, settings: ReplySettings) -> None:
        self._feishu = feishu
        self._pictures = pictures
        self._settings = settings
        self._forms = Forms(settings.form)

    @property
    def in_thread(self) -> bool:
        """Whether every answer opens a thread."""
        return self._settings.in_thread

    def seen(self, question: MessageId) -> AbstractAsyncContextManager[None]:
        """Show an emoji on a question while it is answered, if the settings name one."""
        return seen(self._feishu, self._settings, question)

    def to(
        self,
        target: Target,
        *,
        draft: Draft,
        keep: Callable[[Draft], Awaitable[None]],
        sent: Sent,
    ) -> Reply:
        """Return a reply that is not open yet. `keep` remembers every step of it as a draft.

        A draft that names a card has been a card's before, and remains it. While the month's calls
        run low cards are revised less often, then replies are texts.
        """
        delivery = Delivery(self._feishu, target, sent, when_gone=self._settings.when_gone)
        plain = PlainReply(delivery, self._forms)
        spending = self._feishu.quota.spending
        cards = self._forms.of("card", "patched") and spending is not Spending.PLAINLY
        if not cards and not draft.cards:
            return plain
        return CardReply(
            Sheets(self._feishu, delivery, self._forms, draft, keep),
            plain,
            self._pictures,
            target,
            place=self._feishu.gate.place,
            interval=self._settings.interval * (_SPARSE if spending else 1),
        )
