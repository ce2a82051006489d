"""`/_sim/events/{kind}`: any event of the platform, by its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import orjson
from aiohttp import web

from simulator.control.callback import ClientError, answer_of
from simulator.control.refusals import not_found, refuse
from simulator.events.asked import EventError
from simulator.events.catalogue import CATALOGUE
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from simulator.control.saying import Saying
    from simulator.events.event import Event
    from simulator.gateway.push import Push
    from simulator.world.world import World

PATH: Final = "/_sim/events"
SAID: Final = {"im.message.receive_v1": False, "message": True}
"""The kinds that are messages, and whether they are of the first generation."""
SAID_MEANS: Final = "A user sends a message; parameters as those of POST /_sim/messages"
SAID_PARAMETERS: Final = {"user": "alice", "chat": "p2p", "type": "text", "text": "hello"}


class Fire:
    """Events by name; what they tell of is true in this world afterwards."""

    def __init__(self, world: World, saying: Saying, push: Push) -> None:
        self._world = world
        self._saying = saying
        self._push = push

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.kinds), web.post(PATH + "/{kind}", self.fire)]

    async def kinds(self, _: web.Request) -> web.Response:
        """List every kind with what it means and its parameters' defaults."""
        said = [_kind(name, SAID_MEANS, SAID_PARAMETERS) for name in SAID]
        fired = [_kind(each.name, each.means, each.parameters) for each in CATALOGUE.values()]
        return json_response([*said, *fired])

    async def fire(self, request: web.Request) -> web.Response:
        """Push the event; a callback is waited for, and its answer told."""
        kind = request.match_info["kind"]
        # A text may hold half a surrogate pair, which orjson will neither read nor write.
        loads = json.loads if kind in SAID else orjson.loads
        given = await json_object(request, loads) if request.can_read_body else {}
        event = self._event(kind, given)
        if event.redelivered:
            self._push.push(event)
            return json_response(_fired(event))
        outcome = await self._push.ask(event)
        try:
            return json_response({**_fired(event), "answer": answer_of(outcome), "error": None})
        except ClientError as error:
            told = {"code": error.code, "msg": str(error)}
            return json_response({**_fired(event), "answer": None, "error": told})

    def _event(self, kind: str, given: dict[str, Any]) -> Event:
        if kind in SAID:
            asked = {**SAID_PARAMETERS, **given, "v1": SAID[kind]}
            return self._saying.send(asked)[1]
        known = CATALOGUE.get(kind)
        if known is None:
            not_found(f"there is no event {kind!r}; GET {PATH} lists them")
        try:
            return known.event(self._world, given)
        except EventError as error:
            refuse(str(error))


def _fired(event: Event) -> dict[str, object]:
    return {
        "event_id": event.event_id,
        "event_type": event.event_type,
        "message_id": event.message_id,
        "chat_id": event.chat_id,
    }


def _kind(name: str, means: str, parameters: object) -> dict[str, object]:
    return {"kind": name, "means": means, "parameters": parameters}
