"""`im/v1/messages/:id/reactions`: add, list, delete (server-docs/im-v1/message-reaction)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.openapi.emoji import EMOJI
from simulator.openapi.errors import ApiError, bad_field
from simulator.openapi.known import known_message
from simulator.openapi.messages import PATH
from simulator.openapi.pages import page
from simulator.wire import json_object, json_response
from simulator.world.messages import Sender, SenderKind
from simulator.world.reactions import find_reaction, react

if TYPE_CHECKING:
    from simulator.world.messages import Message
    from simulator.world.reactions import Reaction
    from simulator.world.world import World

PAGE: Final = 20
MOST: Final = 50


class Reactions:
    """The bot's own are added and taken away; everybody's are listed."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        path = PATH + "/{message_id}/reactions"
        return [
            web.post(path, self.add),
            web.get(path, self.listed),
            web.delete(path + "/{reaction_id}", self.remove),
        ]

    async def add(self, request: web.Request) -> web.Response:
        """React; to do so again with the same emoji returns the reaction that is there."""
        asked = await json_object(request)
        message = self._reachable(request)
        emoji = _emoji(asked)
        app = self._world.app
        reaction, is_new = react(message, emoji, Sender(SenderKind.APP, app.app_id, app.bot_name))
        if is_new:
            self._world.messages.changed(message)
        return _success(described_reaction(reaction))

    async def listed(self, request: web.Request) -> web.Response:
        message = self._reachable(request)
        wanted = request.query.get("reaction_type")
        found = [each for each in message.reactions if wanted in (None, "", each.emoji)]
        return _success(
            page(
                request.query,
                found,
                described_reaction,
                default=PAGE,
                most=MOST,
                bad_token=_bad_page_token,
            )
        )

    async def remove(self, request: web.Request) -> web.Response:
        message = self._reachable(request)
        reaction = find_reaction(message, request.match_info["reaction_id"])
        if reaction is None:
            raise ApiError(231011, "The request has an invalid reaction_id.")
        if reaction.by.address != self._world.app.app_id:
            raise ApiError(231007, "The operator has no permission to delete this reaction.")
        message.reactions.remove(reaction)
        self._world.messages.changed(message)
        return _success(described_reaction(reaction))

    def _reachable(self, request: web.Request) -> Message:
        message = known_message(request, self._world, _no_message)
        if message.deleted:
            raise _no_message()
        if not self._world.bot_is_in(self._world.chats[message.chat_id]):
            text = "The operator has no permission to react on the specific message."
            raise ApiError(231002, text)
        return message


def described_reaction(reaction: Reaction) -> dict[str, object]:
    """Return a reaction in the shape of all three APIs; times are milliseconds."""
    return {
        "reaction_id": reaction.reaction_id,
        "operator": {"operator_id": reaction.by.address, "operator_type": reaction.by.kind},
        "action_time": str(int(reaction.at * 1000)),
        "reaction_type": {"emoji_type": reaction.emoji},
    }


def _emoji(asked: dict[str, Any]) -> str:
    kind = asked.get("reaction_type")
    emoji = kind.get("emoji_type") if isinstance(kind, dict) else None
    if not isinstance(emoji, str):
        raise bad_field("reaction_type.emoji_type")
    if emoji not in EMOJI:
        raise ApiError(231001, "reaction type is invalid.")
    return emoji


def _no_message() -> ApiError:
    return ApiError(231003, "The message is not found, maybe not exist or deleted.")


def _bad_page_token() -> ApiError:
    return ApiError(231012, "The request has an invalid pageToken.")


def _success(data: dict[str, Any]) -> web.Response:
    return json_response({"code": 0, "msg": "success", "data": data})
