"""`cardkit/v1/cards`: create, update, settings, batch_update, id_convert (cardkit-v1/card)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.cardkit.actions import act
from simulator.cardkit.fields import LONGEST_JSON, LONGEST_SETTINGS, json_text, text
from simulator.cardkit.operations import merge_settings
from simulator.ids import MessageId
from simulator.openapi.errors import no_such_message
from simulator.wire import json_object, json_response
from simulator.world.card_json import is_streaming
from simulator.world.card_refusals import refused
from simulator.world.card_rules import check_entity, read_entity

if TYPE_CHECKING:
    from simulator.cardkit.changes import Changes
    from simulator.world.card_json import CardJson
    from simulator.world.world import World

PATH: Final = "/open-apis/cardkit/v1/cards"
CARD: Final = PATH + "/{card_id}"
LONGEST_DATA: Final = 3_000_000


class Entities:
    """Cards as wholes."""

    def __init__(self, world: World, changes: Changes) -> None:
        self._world = world
        self._changes = changes

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(PATH, self.create),
            web.post(PATH + "/id_convert", self.convert),
            web.put(CARD, self.update),
            web.patch(CARD + "/settings", self.settings),
            web.post(CARD + "/batch_update", self.batch_update),
        ]

    async def create(self, request: web.Request) -> web.Response:
        card = self._world.cards.create(_given(await json_object(request), LONGEST_DATA))
        return _identified(card.card_id)

    async def convert(self, request: web.Request) -> web.Response:
        """Give the card of a message an id, even one that was sent as bare JSON."""
        message_id = text(await json_object(request), "message_id", 100)
        message = self._world.messages.get(MessageId(message_id))
        if message is None:
            raise no_such_message()
        if message.card is None:
            raise refused(10002, "the message is not a card")
        check_entity(message.card.content)
        self._world.cards.keep(message.card)
        return _identified(message.card.card_id)

    async def update(self, request: web.Request) -> web.Response:
        return await self._changes.make(request, _update)

    async def settings(self, request: web.Request) -> web.Response:
        return await self._changes.make(request, _settings)

    async def batch_update(self, request: web.Request) -> web.Response:
        return await self._changes.make(request, _batch_update)


def _update(card: CardJson, asked: dict[str, Any]) -> bool:
    given = asked.get("card")
    if not isinstance(given, dict):
        raise refused(10002, "card must be an object")
    card_json = _given(given, LONGEST_JSON)
    card.clear()
    card.update(card_json)
    return is_streaming(card)


def _settings(card: CardJson, asked: dict[str, Any]) -> bool:
    return merge_settings(card, json_text(asked, "settings", LONGEST_SETTINGS))


def _batch_update(card: CardJson, asked: dict[str, Any]) -> bool:
    return act(card, json_text(asked, "actions"))


def _given(asked: dict[str, Any], longest: int) -> CardJson:
    if asked.get("type") != "card_json":
        raise refused(10002, "type must be card_json")
    data = asked.get("data")
    if not isinstance(data, str) or len(data) > longest:
        raise refused(10002, f"data must be a string of at most {longest} characters")
    return read_entity(data)


def _identified(card_id: str) -> web.Response:
    return json_response({"code": 0, "msg": "success", "data": {"card_id": card_id}})
