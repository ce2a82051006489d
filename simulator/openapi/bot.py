"""`GET /open-apis/bot/v3/info`: who the bot is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.wire import json_response

if TYPE_CHECKING:
    from simulator.world.people import App

ENABLED: Final = 2


class Bot:
    """The one answer of this API whose body is not inside `data`."""

    def __init__(self, app: App) -> None:
        self._app = app

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/open-apis/bot/v3/info", self.describe)]

    async def describe(self, _: web.Request) -> web.Response:
        bot = {
            "activate_status": ENABLED,
            "app_name": self._app.bot_name,
            "avatar_url": "",
            "ip_white_list": [],
            "open_id": self._app.bot_open_id,
        }
        return json_response({"code": 0, "msg": "ok", "bot": bot})
