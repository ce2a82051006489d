"""How a card is changed, whatever the change: whose it is, how often, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.cardkit.fields import order
from simulator.faults.api_faults import CardSequence
from simulator.openapi.calls import APP_ID, api_of
from simulator.wire import json_object, json_response
from simulator.world.card_json import copied
from simulator.world.card_refusals import refused
from simulator.world.card_rules import check_entity

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web

    from simulator.cardkit.fields import Order
    from simulator.faults.faults import Faults
    from simulator.limits.limits import Limits
    from simulator.world.card import Card
    from simulator.world.card_json import CardJson
    from simulator.world.world import World

    Change = Callable[[CardJson, dict[str, Any]], bool]
    """Changes a card as the request's body asks, and tells whether it switched streaming on."""


class Changes:
    """A change that is refused, for whatever reason, leaves the card and its sequence alone."""

    def __init__(self, world: World, limits: Limits, faults: Faults) -> None:
        self._world = world
        self._limits = limits
        self._faults = faults

    async def make(
        self, request: web.Request, change: Change, *, types: bool = False
    ) -> web.Response:
        """Let a request change its card; with `types` only while the card streams.

        Raises:
            ApiError: any code of cardkit.
        """
        asked = await json_object(request)
        ordered = order(asked)
        card = self._card(request)
        self._limits.card(card.card_id)
        self._in_turn(request, card, ordered)
        if types and not card.streaming:
            raise refused(200850 if card.timed_out else 300309)
        content = copied(card.content)
        switched_on = change(content, asked)
        check_entity(content)
        card.remember(ordered.sequence, ordered.uuid)
        self._world.cards.revise(card, content, restarts=switched_on)
        return json_response({"code": 0, "msg": "success", "data": {}})

    def _card(self, request: web.Request) -> Card:
        card = self._world.cards.get(request.match_info["card_id"])
        if card is None:
            raise refused(200740)
        if card.app_id != request[APP_ID]:
            raise refused(300311)
        if self._world.cards.is_expired(card):
            raise refused(200750)
        return card

    def _in_turn(self, request: web.Request, card: Card, ordered: Order) -> None:
        # The uuid comes first: a change repeated because its answer was lost has both against
        # it, and only this code tells that it has been made.
        if ordered.uuid in card.uuids:
            raise refused(200770)
        chat_id = card.message.chat_id if card.message else None
        fault = self._faults.take(
            CardSequence, app_id=card.app_id, chat_id=chat_id, api=api_of(request)
        )
        if fault or ordered.sequence <= card.sequence:
            raise refused(300317)
        if self._world.cards.is_interacting(card):
            raise refused(200810)
