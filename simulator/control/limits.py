"""`/_sim/limits`, `/_sim/tokens/revoke`: what the app has used up, and its tokens' end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from simulator.wire import json_response

if TYPE_CHECKING:
    from simulator.limits.limits import Limits
    from simulator.limits.quota import Quota
    from simulator.openapi.tokens import Tokens

SHOWN = 50
"""Keys shown of each limit, those used last first."""


class LimitsInUse:
    """The limits as they stand this moment, for the page."""

    def __init__(self, limits: Limits, quota: Quota, tokens: Tokens) -> None:
        self._limits = limits
        self._quota = quota
        self._tokens = tokens

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/_sim/limits", self.show),
            web.post("/_sim/tokens/revoke", self.revoke),
        ]

    async def show(self, _: web.Request) -> web.Response:
        """Show each limit with what is used of it; `limit` 0 of the quota is none."""
        windows = [
            {
                "name": name,
                "limit": each.rate.most,
                "seconds": each.rate.seconds,
                "used": [
                    {"key": key, "used": used} for key, used in list(each.in_use())[::-1][:SHOWN]
                ],
            }
            for name, each in self._limits.windows.items()
        ]
        quota = {"limit": self._quota.most, "used": self._quota.used}
        return json_response(
            {"enforced": self._limits.enforced, "windows": windows, "quota": quota}
        )

    async def revoke(self, _: web.Request) -> web.Response:
        """End every token at once: 99991663 until the app asks for a new one."""
        return json_response({"revoked": self._tokens.revoke()})
