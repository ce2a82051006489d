"""The tenant access token: fetched once, refreshed ahead, thrown away when refused.

Facts 5; while less than 30 minutes remain Feishu gives out a new one and both are good.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from shared.errors import FeishuUnavailable

if TYPE_CHECKING:
    from shared.feishu.transport import Transport
    from shared.settings import Feishu

_PATH: Final = "/open-apis/auth/v3/tenant_access_token/internal"
_AHEAD: Final = 600.0


class TenantTokens:
    """The token of one app in one process."""

    def __init__(self, transport: Transport, feishu: Feishu) -> None:
        self._transport = transport
        self._feishu = feishu
        self._token = ""
        self._stale_at = 0.0
        self._fetching = asyncio.Lock()

    async def current(self) -> str:
        """Return a token good for minutes to come; many callers cost one fetch.

        Raises:
            FeishuUnavailable, FeishuRateLimited, CredentialsRejected: as Feishu says.
        """
        async with self._fetching:
            if time.monotonic() >= self._stale_at:
                await self._fetch()
            return self._token

    def refuse(self, token: str) -> None:
        """Forget a token that Feishu did not take, unless it was replaced meanwhile."""
        if token == self._token:
            self._stale_at = 0.0

    async def _fetch(self) -> None:
        answer = await self._transport.call(
            "POST",
            _PATH,
            body={
                "app_id": self._feishu.app_id,
                "app_secret": self._feishu.app_secret.get_secret_value(),
            },
        )
        token, lifetime = answer.get("tenant_access_token"), answer.get("expire")
        if not (token and isinstance(token, str) and isinstance(lifetime, int)):
            raise FeishuUnavailable(f"POST {_PATH}: answered without a token")
        self._token = token
        self._stale_at = time.monotonic() + max(lifetime - _AHEAD, lifetime / 2)
