"""`interactive/v1/card/update`: a card updated after its callback (uMDO1YjLzgTN24yM4UjN)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.cardkit.fields import text
from simulator.openapi.errors import ApiError
from simulator.wire import json_object, json_response
from simulator.world.card_json import copied, is_shared
from simulator.world.card_refusals import refused
from simulator.world.card_rules import check_succession

if TYPE_CHECKING:
    from simulator.world.world import World

PATH: Final = "/open-apis/interactive/v1/card/update"
LONGEST_TOKEN: Final = 200


class DelayedUpdates:
    """What a callback's token is good for. This world shows an exclusive card to all alike."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.update)]

    async def update(self, request: web.Request) -> web.Response:
        """Replace the card that was pressed. Only what succeeds counts as a use."""
        asked = await json_object(request)
        token, content = text(asked, "token", LONGEST_TOKEN), _content(asked)
        message_id = self._world.callback_tokens.bearer(token)
        message = self._world.messages.get(message_id)
        if message is None or message.deleted or message.card is None:
            raise refused(200000)
        try:
            check_succession(message.card.content, content)
        except ApiError as error:
            raise ApiError(11311, error.msg) from None
        self._world.callback_tokens.redeem(token)
        self._world.cards.revise(message.card, copied(content))
        return json_response({"code": 0, "msg": "ok"})


def _content(asked: dict[str, Any]) -> dict[str, Any]:
    card = asked.get("card")
    if not isinstance(card, dict) or not card:
        raise refused(10002, "card must be an object")
    content = {key: part for key, part in card.items() if key != "open_ids"}
    if not is_shared(content):
        _check_open_ids(card.get("open_ids"))
    return content


def _check_open_ids(open_ids: object) -> None:
    if not open_ids:
        raise refused(300090)
    if not isinstance(open_ids, list) or not all(isinstance(each, str) for each in open_ids):
        raise refused(200320)
