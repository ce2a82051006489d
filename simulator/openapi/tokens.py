"""`tenant_access_token`: issued, and asked for by every other call (facts 5)."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.openapi.calls import APP_ID
from simulator.openapi.errors import bad_token, no_token
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from simulator.gateway.clock import Clock
    from simulator.world.people import App

PATH: Final = "/open-apis/auth/v3/tenant_access_token/internal"
LIFE: Final = 2 * 60 * 60.0
RENEWED_BELOW: Final = 30 * 60.0
APP_ID_FORM: Final = re.compile(r"cli_[0-9a-fA-F]{16}")


class Tokens:
    """The tokens of the app: one most of the time, two while the older has < 30 min left."""

    def __init__(self, app: App, clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self._expires_at: dict[str, float] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.create)]

    async def create(self, request: web.Request) -> web.Response:
        """Give out the current token with the seconds it has left; refusals are HTTP 200."""
        asked = await json_object(request)
        app_id, app_secret = asked.get("app_id"), asked.get("app_secret")
        if not isinstance(app_id, str) or not APP_ID_FORM.fullmatch(app_id):
            return json_response({"code": 10003, "data": {}, "msg": "invalid param"})
        if app_id != self._app.app_id:
            return json_response({"code": 10014, "msg": "app id not exists"})
        if app_secret != self._app.app_secret:
            return json_response({"code": 10015, "msg": "app secret invalid"})
        request[APP_ID] = app_id
        token, expire = self.issue()
        return json_response(
            {"code": 0, "msg": "ok", "tenant_access_token": token, "expire": int(expire)}
        )

    def issue(self) -> tuple[str, float]:
        """Return a valid token and how many seconds it has left, never less than 30 min."""
        now = self._clock.time()
        self._expires_at = {t: at for t, at in self._expires_at.items() if at > now}
        for token, expires_at in self._expires_at.items():
            if expires_at - now >= RENEWED_BELOW:
                return token, expires_at - now
        token = f"t-{secrets.token_hex(20)}"
        self._expires_at[token] = now + LIFE
        return token, LIFE

    def check(self, request: web.Request) -> None:
        """Let a request with a valid token pass.

        Raises:
            ApiError: 99991661 without a token, 99991663 with one that is not valid.
        """
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise no_token()
        if not self.is_valid(token):
            raise bad_token()
        request[APP_ID] = self._app.app_id

    def is_valid(self, token: str) -> bool:
        return self._clock.time() < self._expires_at.get(token, float("-inf"))
