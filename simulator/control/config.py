"""`/_sim/config`: what clients are told about pinging and reconnecting, changed while they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.control.refusals import refuse
from simulator.gateway.envelopes import SERVICE_ID
from simulator.gateway.sockets import pong
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from simulator.gateway.client_config import ClientConfig
    from simulator.gateway.connections import Connections

PATH: Final = "/_sim/config"
LONGEST: Final = 24 * 60 * 60
LEAST: Final = {"ReconnectCount": -1, "PingInterval": 1}


class Config:
    """A change is pushed to every client at once, in a pong it did not ask for (facts 1.3)."""

    def __init__(self, config: ClientConfig, connections: Connections) -> None:
        self._config = config
        self._connections = connections

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.get), web.post(PATH, self.change)]

    async def get(self, _: web.Request) -> web.Response:
        return json_response(self._config.settings)

    async def change(self, request: web.Request) -> web.Response:
        """Take any of the four settings, in whole seconds; the others stay."""
        asked = await json_object(request)
        for name, value in asked.items():
            if name not in self._config.settings:
                refuse(f"the settings are {', '.join(self._config.settings)}")
            least = LEAST.get(name, 0)
            if (
                isinstance(value, bool)
                or not isinstance(value, int)
                or not least <= value <= LONGEST
            ):
                refuse(f"{name} must be a whole number from {least} to {LONGEST}")
        self._config.settings.update(asked)
        told = self._connections.send_all(pong(self._config.payload(), SERVICE_ID))
        return json_response({**self._config.settings, "told": told})
