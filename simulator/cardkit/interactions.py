"""`card/v1/interactions/read`: what a card shows now.

The path is named by users and documented nowhere; this shape is the simulator's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.ids import MessageId
from simulator.wire import json_object, json_response
from simulator.world.card_refusals import refused

if TYPE_CHECKING:
    from simulator.world.card import Card
    from simulator.world.world import World

PATH: Final = "/open-apis/card/v1/interactions/read"
MESSAGE_NAMES: Final = ("message_id", "open_message_id")


class Interactions:
    """Reading, by the card's id or by its message's."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.read)]

    async def read(self, request: web.Request) -> web.Response:
        card = self._named(await json_object(request))
        if card is None:
            raise refused(200740)
        state = {
            "card_id": card.card_id,
            "message_id": card.message.message_id if card.message else None,
            "streaming": card.streaming,
            "interacting": self._world.cards.is_interacting(card),
            "sequence": card.sequence,
            "revision": card.revisions,
            "card": card.content,
        }
        return json_response({"code": 0, "msg": "success", "data": state})

    def _named(self, asked: dict[str, Any]) -> Card | None:
        card_id = asked.get("card_id")
        if isinstance(card_id, str):
            return self._world.cards.get(card_id)
        for name in MESSAGE_NAMES:
            if isinstance(message_id := asked.get(name), str):
                message = self._world.messages.get(MessageId(message_id))
                return message.card if message else None
        raise refused(10002, "card_id or message_id must be a string")
