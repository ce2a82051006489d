"""`tenant_access_token`: issued, and asked for by every other call (facts 5).

A self-built app's `app_access_token` is the same token under another name
(authentication-management/access-token/app_access_token_internal).
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.openapi.calls import APP_ID
from simulator.openapi.errors import bad_token, bad_user_token, no_token, token_of_no_kind
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from simulator.gateway.clock import Clock
    from simulator.world.people import App

PREFIX: Final = "/open-apis/auth/"
TENANT_PATH: Final = PREFIX + "v3/tenant_access_token/internal"
APP_PATH: Final = PREFIX + "v3/app_access_token/internal"
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
        return [
            web.post(TENANT_PATH, self.create),
            web.post(APP_PATH, self.create),
        ]

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
        body = {"code": 0, "msg": "ok", "tenant_access_token": token, "expire": int(expire)}
        if request.path == APP_PATH:
            body["app_access_token"] = token
        return json_response(body)

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
            ApiError: 99991661 without a token, 99991671 with something else, 99991668 with a
                user's, which the simulator has none of, 99991663 with one that is not valid.
        """
        token = given_token(request)
        if not token:
            raise no_token()
        if token.startswith("u-"):
            raise bad_user_token()
        if not token.startswith("t-"):
            raise token_of_no_kind()
        if not self.is_valid(token):
            raise bad_token()
        request[APP_ID] = self._app.app_id

    def revoke(self) -> int:
        """Make every token invalid at once, and return how many were valid."""
        revoked = sum(map(self.is_valid, self._expires_at))
        self._expires_at.clear()
        return revoked

    def is_valid(self, token: str) -> bool:
        return self._clock.time() < self._expires_at.get(token, float("-inf"))


def given_token(request: web.Request) -> str:
    """Return the bearer token of a request, or an empty string."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""
