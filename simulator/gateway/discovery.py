"""`POST /callback/ws/endpoint`: where and how to open a long connection (facts 1.1, 1.2)."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import orjson
from aiohttp import web

from simulator.faults.gateway_faults import DiscoveryRefused, OddConfig
from simulator.gateway.envelopes import SERVICE_ID
from simulator.ids import fresh_connection_id
from simulator.wire import BodyError, json_object, json_response

if TYPE_CHECKING:
    from simulator.gateway.client_config import ClientConfig
    from simulator.gateway.connections import Connections
    from simulator.gateway.mischief import Mischief
    from simulator.gateway.tickets import Tickets
    from simulator.world.people import App

PATH: Final = "/callback/ws/endpoint"
SOCKET_PATH: Final = "/ws/v2"

BAD_REQUEST: Final = 9499
WRONG_SECRET: Final = 1000040345
UNKNOWN_APP: Final = 1000040346
TOO_MANY_CONNECTIONS: Final = 1000040350
MESSAGES: Final = {
    1: "system busy",
    403: "forbidden",
    1000040343: "internal error",
    WRONG_SECRET: "app_id or app_secret is invalid",
    UNKNOWN_APP: "app_id is invalid",
    TOO_MANY_CONNECTIONS: "the number of connections exceeded the limit",
}
"""`msg` by code (facts 1.2)."""
HANGING: Final = 600.0
"""Seconds after which even a hanging discovery is cut off, so that none stays for ever."""


class Discovery:
    """Checks the app's credentials and issues a URL that is good for one connection."""

    def __init__(
        self,
        app: App,
        tickets: Tickets,
        connections: Connections,
        config: ClientConfig,
        mischief: Mischief,
    ) -> None:
        self._mischief = mischief
        self._app = app
        self._tickets = tickets
        self._connections = connections
        self._config = config

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.discover)]

    async def discover(self, request: web.Request) -> web.Response:
        try:
            asked = await json_object(request)
            app_id, app_secret = asked["AppID"], asked["AppSecret"]
        except (BodyError, KeyError):
            return json_response({"code": BAD_REQUEST, "msg": "Bad Request"}, status=400)
        fault = self._mischief.take_any(DiscoveryRefused)
        if fault:
            return await _failed(fault)
        if app_id != self._app.app_id:
            return _refused(UNKNOWN_APP)
        if app_secret != self._app.app_secret:
            return _refused(WRONG_SECRET)
        if self._connections.full:
            return _refused(TOO_MANY_CONNECTIONS)
        odd = self._mischief.take_any(OddConfig)
        config = self._config.payload() if odd is None else odd.config.encode()
        found = {"URL": self._url(request), "ClientConfig": orjson.Fragment(config)}
        return json_response({"code": 0, "msg": "", "data": found})

    def _url(self, request: web.Request) -> str:
        behind_tls = request.headers.get("X-Forwarded-Proto") == "https"
        scheme = "wss" if request.secure or behind_tls else "ws"
        device_id = fresh_connection_id()
        query = {
            "fpid": "493",
            "aid": "552564",
            "device_id": device_id,
            "access_key": secrets.token_hex(16),
            "service_id": str(SERVICE_ID),
            "ticket": self._tickets.issue(device_id),
        }
        return f"{scheme}://{request.host}{SOCKET_PATH}?{urlencode(query)}"


async def _failed(fault: DiscoveryRefused) -> web.Response:
    if fault.hang:
        await asyncio.sleep(HANGING)
    return _refused(fault.code, fault.status)


def _refused(code: int, status: int = 200) -> web.Response:
    body = {"code": code, "msg": MESSAGES.get(code, "error"), "data": {"URL": ""}}
    return json_response(body, status=status)
