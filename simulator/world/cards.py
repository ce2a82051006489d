"""Cards: each shown by one message, revised, streamed into, and gone after two weeks (facts 4)."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

import orjson

from simulator.ids import CardId
from simulator.world.card import Card
from simulator.world.card_json import copied
from simulator.world.card_refusals import refused, unfit
from simulator.world.card_rules import check_inline, check_replacement, referenced
from simulator.world.card_streaming import Streaming

if TYPE_CHECKING:
    from simulator.gateway.clock import Clock
    from simulator.ids import AppId
    from simulator.world.callback_tokens import CallbackTokens
    from simulator.world.card_json import CardJson
    from simulator.world.messages import Message, Messages

LIFE: Final = 14 * 24 * 60 * 60.0


def rendered(message: Message) -> CardJson | None:
    """Return the card a message shows, as last revised; None if it shows none."""
    return None if message.card is None else message.card.content


def written(message: Message) -> str:
    """Return the content that another message would need to show the same."""
    card = rendered(message)
    return message.content if card is None else orjson.dumps(card).decode()


class Cards:
    """At most `keep` cards known by id, the oldest fall off; messages keep showing theirs."""

    def __init__(
        self, app_id: AppId, messages: Messages, tokens: CallbackTokens, clock: Clock, keep: int
    ) -> None:
        self._app_id = app_id
        self._messages = messages
        self._tokens = tokens
        self._clock = clock
        self._keep = keep
        self._streaming = Streaming(clock, self._tell)
        self._kept: OrderedDict[CardId, Card] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def create(self, content: CardJson) -> Card:
        """Make an entity out of a content that has been checked."""
        card = self._make(content)
        self.keep(card)
        return card

    def keep(self, card: Card) -> None:
        """Have a card known by its id."""
        self._kept[card.card_id] = card
        if len(self._kept) > self._keep:
            self._kept.popitem(last=False)

    def get(self, card_id: str) -> Card | None:
        return self._kept.get(CardId(card_id))

    def is_expired(self, card: Card) -> bool:
        return self._clock.time() - card.created_at >= LIFE

    def is_interacting(self, card: Card) -> bool:
        """Tell whether a user's press on it still awaits its answer."""
        return card.message is not None and self._tokens.is_interacting(card.message.message_id)

    def for_message(self, content: dict[str, Any]) -> Card:
        """Return the card that a message of this content is to show.

        Raises:
            ApiError: 230099 for a card no message can hold, and for an entity that is unknown,
                expired or already sent.
        """
        card_id = referenced(content)
        if card_id is None:
            check_inline(content)
            return self._make(copied(content))
        card = self.get(card_id)
        if card is None or self.is_expired(card):
            raise unfit(11310, "cardid is invalid")
        if card.message is not None:
            raise unfit(200780, "card binding biz count over limit")
        return card

    def deal(self, message: Message) -> None:
        """Have a new `interactive` message show the card its content holds or names.

        Raises:
            ApiError: as `for_message`.
        """
        card = self.for_message(json.loads(message.content))
        card.message = message
        message.card = card

    def patch(self, message: Message, content: dict[str, Any]) -> None:
        """Replace the card of a message, as PATCH im/v1/messages does.

        Raises:
            ApiError: 230001 if it shows none or either card is not shared, 230099 if the new
                one is no card or a user's press still awaits its answer.
        """
        card = message.card
        if card is None:
            raise refused(230001, "the message is not a card")
        if referenced(content) is not None:
            raise unfit(200621, "a card entity cannot replace a card")
        check_replacement(card.content, content)
        if self.is_interacting(card):
            raise unfit(11310, "card action is lock")
        self.revise(card, copied(content))

    def revise(self, card: Card, content: CardJson, *, restarts: bool = True) -> None:
        """Show a checked content from now on, and tell who listens; `restarts` its streaming."""
        card.content = content
        card.revisions += 1
        card.updated_at = time.time()
        self._streaming.watch(card, restarts=restarts)
        self._tell(card)

    def _make(self, content: CardJson) -> Card:
        card = Card(self._app_id, content, self._clock.time())
        self._streaming.watch(card, restarts=True)
        return card

    def _tell(self, card: Card) -> None:
        if card.message is not None:
            self._messages.changed(card.message)
