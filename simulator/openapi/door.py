"""What every call passes before its API sees it: token, rate, quota (facts 3, 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.openapi.calls import APP_ID, api_of
from simulator.openapi.tokens import PREFIX as AUTH

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from simulator.limits.limits import Limits
    from simulator.limits.quota import Quota
    from simulator.openapi.tokens import Tokens

PREFIX: Final = "/open-apis/"


class Door:
    """Lets a call in, and counts it once it has succeeded."""

    def __init__(self, tokens: Tokens, limits: Limits, quota: Quota) -> None:
        self._tokens = tokens
        self._limits = limits
        self._quota = quota

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_served(request) or request.path.startswith(AUTH):
            return await handler(request)
        self._tokens.check(request)
        self._limits.call(request[APP_ID], api_of(request))
        self._quota.check(request.path)
        response = await handler(request)  # what fails is raised, and so not counted
        self._quota.count(request.path)
        return response


def is_served(request: web.Request) -> bool:
    """Tell whether a request is for an API that exists; the others get their 404 or 405."""
    return request.path.startswith(PREFIX) and request.match_info.http_exception is None
