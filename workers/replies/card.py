"""An answer as a card that grows while it is written."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from shared.errors import CardRefused, FeishuRejected
from shared.feishu.card_entity import CardEntity
from shared.feishu.cards import BELOW, failed, finished, stopped, thinking, waiting
from shared.feishu.client import idempotency_key
from shared.feishu.texts import outgoing
from workers.replies.revisions import Revisions
from workers.replies.text import TextReply, part

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from shared.feishu.cards import Card
    from shared.feishu.client import Feishu
    from shared.model.draft import Draft
    from shared.model.ids import CardId, ConversationId, LetterId, MessageId
    from workers.replies.reply import Sent

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class CardReply:
    """A `Reply` as one card, its part number 1. Where cards are refused, text says the same.

    What does not fit into the card follows as text. Every step leaves a draft from which the next
    generation goes on, with the same card and the same message.
    """

    def __init__(
        self,
        feishu: Feishu,
        question: MessageId,
        conversation: ConversationId,
        *,
        in_thread: bool,
        draft: Draft,
        keep: Callable[[Draft], Awaitable[None]],
        sent: Sent,
        interval: float = 0.3,
    ) -> None:
        """`keep` remembers a draft; `interval` is between two revisions, in seconds."""
        self._feishu = feishu
        self._question = question
        self._conversation = conversation
        self._in_thread = in_thread
        self._draft = draft
        self._keep = keep
        self._sent = sent
        self._text = TextReply(feishu, question, in_thread=in_thread, sent=sent)
        self._revisions = Revisions(self._revise, interval=interval)
        self._card: CardEntity | None = None
        self._refused = False

    async def open(self) -> None:
        """Show a card that thinks, or have the one that the draft names think again.

        Raises:
            LeaseLost: another worker writes this reply.
        """
        adopted = self._draft.card is not None
        await self._show()
        if self._draft.message is None:
            return
        if not adopted or await self._turned_into(thinking(self._question, self._conversation)):
            self._revisions.start()

    async def wait(self, ahead: int) -> None:
        await self._show(waiting(ahead))

    def revise(self, text: str) -> None:
        self._revisions.offer(text)

    async def finish(self, text: str) -> MessageId:
        return await self._end(text, finished)

    async def stop(self, word: str) -> None:
        text = self._revisions.newest
        await self._end(text, partial(stopped, word=word), as_text=f"{text}\n\n{word}".lstrip())

    async def fail(self, letter: LetterId) -> None:
        await self._revisions.end()
        if self._draft.card is not None:
            await self._show()
        card = failed(self._question, self._conversation, letter)
        if self._draft.message is None or not await self._turned_into(card):
            await self._text.fail(letter)

    async def aclose(self) -> None:
        await self._revisions.aclose()

    async def _revise(self, text: str) -> None:
        head = outgoing(text)[0]
        if self._card is not None and head:
            await self._card.write(head)

    async def _end(
        self, text: str, ending: Callable[[str], Card], *, as_text: str | None = None
    ) -> MessageId:
        """Say it all: in the card, and what does not fit or is refused there in messages."""
        await self._revisions.end()
        await self._show()
        head, *rest = outgoing(text)
        message = self._draft.message
        if message is None or not await self._turned_into(ending(head)):
            rest = outgoing(as_text or text)
            await self._turned_into(finished(BELOW))
        sent = await self._text.say(rest, first=2 if message else 1)
        return message or sent[0]

    async def _turned_into(self, card: Card) -> bool:
        """Show another state of the card, if there is one and it takes that."""
        if self._card is None:
            return False
        try:
            await self._card.replace(card)
        except FeishuRejected as refused:
            log.warning("card.refused", reason=str(refused))
            return False
        return True

    async def _show(self, first: Card | None = None) -> None:
        """Have a card in the chat: `first`, or one that thinks.

        What an earlier worker did of that is not done again.
        """
        if self._refused:
            return
        try:
            card_id = self._draft.card or await self._create(first)
            self._card = self._card or CardEntity(
                self._feishu, card_id, generation=self._draft.generation
            )
            if self._draft.message is None:
                await self._send(card_id)
        except CardRefused as refused:
            log.warning("card.refused", reason=str(refused))
            self._refused = True

    async def _create(self, first: Card | None) -> CardId:
        card = first or thinking(self._question, self._conversation)
        card_id = await self._feishu.create_card(card)
        await self._remember(card=card_id)
        return card_id

    async def _send(self, card_id: CardId) -> None:
        name = part(1)
        message = await self._sent.once(
            idempotency_key(self._feishu.app_id, self._question, name),
            lambda: self._feishu.reply_card(
                self._question, card_id, part=name, in_thread=self._in_thread
            ),
        )
        await self._remember(message=message)

    async def _remember(self, **known: Any) -> None:
        draft = replace(self._draft, **known)
        await self._keep(draft)
        self._draft = draft
