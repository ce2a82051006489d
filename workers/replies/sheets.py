"""The cards of one answer, each shown by a message: mostly one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import structlog

from shared.errors import CardRefused
from shared.feishu import sendable
from shared.feishu.call import Priority
from shared.feishu.card_entity import CardEntity
from shared.feishu.cards import streaming
from shared.feishu.patched_card import PatchedCard
from shared.model.draft import HELD

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from shared.feishu.cards import Card
    from shared.feishu.client import Feishu
    from shared.model.draft import Draft
    from shared.model.ids import CardId, MessageId
    from workers.replies.delivery import Delivery
    from workers.replies.forms import Forms


log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Sheet(Protocol):
    """A card in a chat. Changes raise LeaseLost, where the platform can tell, and as `Feishu`."""

    @property
    def api(self) -> str: ...

    async def write(self, text: str, priority: Priority, /) -> None: ...
    async def replace(self, card: Card, /) -> None: ...


class Sheets:
    """Every step leaves a draft, from which the next generation goes on with the same cards."""

    def __init__(
        self,
        feishu: Feishu,
        delivery: Delivery,
        forms: Forms,
        draft: Draft,
        keep: Callable[[Draft], Awaitable[None]],
    ) -> None:
        """`keep` remembers a draft."""
        self._feishu = feishu
        self._delivery = delivery
        self._forms = forms
        self._draft = draft
        self._keep = keep
        self._sheets: list[Sheet] = []
        self._refused = False
        self.astray: Sheet | None = None
        """A card that is in the chat, but nobody knows by which message."""

    def __len__(self) -> int:
        """Return how many are in the chat."""
        return len(self._draft.messages)

    @property
    def begun(self) -> bool:
        """Whether there is a card, be it that nobody sees it yet."""
        return bool(self._draft.cards)

    @property
    def first(self) -> MessageId | None:
        """The message that shows the first one."""
        return self._draft.messages[0] if self._draft.messages else None

    async def at(self, place: int, first: Card) -> Sheet | None:
        """Return a sheet by its place, from 0; the next one is made, and begins as `first`.

        None if the platform takes no cards. What an earlier worker did is not done again.
        """
        while len(self._sheets) <= place and not self._refused:
            sheet = await self._next(first)
            if sheet is None:
                self._refused = True
            else:
                self._sheets.append(sheet)
        return self._sheets[place] if place < len(self._sheets) else None

    async def _next(self, first: Card) -> Sheet | None:
        place = len(self._sheets)
        if place < len(self._draft.cards):
            try:
                return await self._known(place)
            except CardRefused as refused:  # that one: it says nothing of others
                log.warning("card.refused", reason=str(refused))
                return None
        for form in self._forms.of("card", "patched"):
            try:
                return await (self._made(first) if form == "card" else self._held(first))
            except CardRefused as refused:
                self._forms.refuse(form, refused)
        return None

    async def _known(self, place: int) -> Sheet:
        card_id = self._draft.cards[place]
        if place >= len(self._draft.messages):  # whoever made it died before it was sent, or after
            self.astray = self._entity(card_id)
            await self._send(card_id)
            self.astray = None
        if card_id == HELD:
            return self._patched(self._draft.messages[place])
        return self._entity(card_id)

    async def _made(self, first: Card) -> Sheet:
        card_id = await self._feishu.create_card(first)
        await self._remember(replace(self._draft, cards=(*self._draft.cards, card_id)))
        await self._send(card_id)
        return self._entity(card_id)

    async def _held(self, first: Card) -> Sheet:
        message = await self._deliver(sendable.card(first))
        cards, messages = (*self._draft.cards, HELD), (*self._draft.messages, message)
        await self._remember(replace(self._draft, cards=cards, messages=messages))
        return self._patched(message)

    async def _send(self, card_id: CardId) -> None:
        message = await self._deliver(sendable.entity(card_id))
        await self._remember(replace(self._draft, messages=(*self._draft.messages, message)))

    async def _deliver(self, what: sendable.Sendable) -> MessageId:
        part = self._delivery.target.part(len(self._draft.messages) + 1)
        return await self._delivery.send(what, part=part, priority=Priority.FIRST)

    def _entity(self, card_id: CardId) -> Sheet:
        return CardEntity(self._feishu, card_id, generation=self._draft.generation)

    def _patched(self, message: MessageId) -> Sheet:
        target = self._delivery.target
        return PatchedCard(self._feishu, message, lambda text: streaming(text, target))

    async def _remember(self, draft: Draft) -> None:
        await self._keep(draft)
        self._draft = draft
