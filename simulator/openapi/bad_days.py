"""The faults of the Open API, played at its door (`/_sim/faults`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from aiohttp import web

from simulator.faults.api_faults import (
    Hang,
    HttpError,
    LostAnswer,
    QuotaSpent,
    RateLimited,
    Slow,
    TokenRevoked,
)
from simulator.ids import MessageId
from simulator.limits.limits import PER_SECOND
from simulator.openapi.addresses import addressed
from simulator.openapi.calls import api_of
from simulator.openapi.door import is_served
from simulator.openapi.errors import ApiError, quota_spent, too_fast
from simulator.wire import BodyError, json_object

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from simulator.faults.fault import Fault
    from simulator.faults.faults import Faults
    from simulator.openapi.tokens import Tokens
    from simulator.world.world import World

F = TypeVar("F", bound="Fault")

SLOW: Final = web.RequestKey("slow", float)
"""Seconds an answer is late. A send takes them for itself, with its uuid in flight."""


class BadDays:
    """Before a call: errors, limits, silence. Around it: slowness. After it: a lost answer."""

    def __init__(self, faults: Faults, tokens: Tokens, world: World) -> None:
        self._faults = faults
        self._tokens = tokens
        self._world = world

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._faults.any or not is_served(request):
            return await handler(request)
        chat_id = await concerned_chat(request, self._world)
        aimed = Aimed(self._faults, self._world.app.app_id, chat_id, api_of(request))
        await self._before(aimed)
        slow, lost = aimed.take(Slow), aimed.take(LostAnswer)
        request[SLOW] = slow.seconds if slow else 0.0
        response = await handler(request)
        await late(request)
        if lost and request.transport:
            request.transport.abort()
        return response

    async def _before(self, aimed: Aimed) -> None:
        if aimed.take(Hang):
            await asyncio.get_running_loop().create_future()
        if error := aimed.take(HttpError):
            raise ApiError(error.code, error.msg, status=error.status)
        if aimed.take(TokenRevoked):
            self._tokens.revoke()
        if limited := aimed.take(RateLimited):
            raise too_fast(PER_SECOND.most, limited.reset)
        if aimed.take(QuotaSpent):
            raise quota_spent()


@dataclass(frozen=True, slots=True)
class Aimed:
    """The registry, asked for one call."""

    faults: Faults
    app_id: str
    chat_id: str | None
    api: str

    def take(self, kind: type[F]) -> F | None:
        return self.faults.take(kind, app_id=self.app_id, chat_id=self.chat_id, api=self.api)


async def late(request: web.Request) -> None:
    """Spend what a slow call has of its seconds left."""
    seconds = request.get(SLOW, 0.0)
    if seconds:
        request[SLOW] = 0.0
        await asyncio.sleep(seconds)


async def concerned_chat(request: web.Request, world: World) -> str | None:
    """Return the chat a call is about, if its path or its body tells."""
    match = request.match_info
    if "message_id" in match:
        message = world.messages.get(MessageId(match["message_id"]))
        return message.chat_id if message else None
    if "chat_id" in match:
        return match["chat_id"]
    if "card_id" in match:
        return shown_in(world, match["card_id"])
    if "receive_id_type" not in request.query:
        return None
    try:
        asked = await json_object(request)
        return addressed(world, request.query, asked).chat_id
    except (BodyError, ApiError):  # the API itself will say so
        return None


def shown_in(world: World, card_id: str) -> str | None:
    """Return the chat where a card entity is shown, once it is."""
    card = world.cards.get(card_id)
    return None if card is None or card.message is None else card.message.chat_id
