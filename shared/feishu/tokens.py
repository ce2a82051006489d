"""The tenant access token: one for the whole fleet, refreshed ahead by one, replaced if refused.

Facts 5; while less than 30 minutes remain Feishu gives out a new one and both are good.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from shared.errors import FeishuUnavailable, TransientError
from shared.feishu.call import Call
from shared.model.token import Token

if TYPE_CHECKING:
    from shared.feishu.transport import Transport
    from shared.settings import Feishu

_API: Final = "/open-apis/auth/v3/tenant_access_token/internal"
_AHEAD: Final = 25 * 60.0
_LOOK_AGAIN: Final = 5.0
_WHILE_ANOTHER_FETCHES: Final = 0.1

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Shelf(Protocol):
    """Where a fleet keeps its token. Every method raises StoreUnavailable."""

    async def take(self, *, refused: str, ahead: float) -> tuple[Token, bool]:
        """Return the token, and whether it is for the caller to fetch another one.

        It is for one at a time, if the token is good for less than `ahead` seconds, or is `refused`
        and so thrown away.
        """

    async def put(self, token: Token) -> None:
        """Keep what was fetched; an empty one only lets another caller try."""


class Tokens:
    """The token of one app, as a process of its fleet knows it."""

    def __init__(self, transport: Transport, feishu: Feishu, shelf: Shelf) -> None:
        self._transport = transport
        self._feishu = feishu
        self._shelf = shelf
        self._value = ""
        self._look_at = 0.0
        self._looking = asyncio.Lock()

    async def current(self, *, refused: str = "") -> str:
        """Return a token good for minutes to come, and not the one that Feishu just `refused`.

        However many callers there are in however many processes, they cost one fetch.

        Raises:
            FeishuUnavailable, FeishuRateLimited, CredentialsRejected: as Feishu says.
            StoreUnavailable: nothing is known.
        """
        async with self._looking:
            while self._value in {"", refused} or time.monotonic() >= self._look_at:
                self._remember(await self._looked(refused))
                if not self._value:
                    await asyncio.sleep(_WHILE_ANOTHER_FETCHES)
            return self._value

    async def _looked(self, refused: str) -> Token:
        token, is_mine_to_fetch = await self._shelf.take(refused=refused, ahead=_AHEAD)
        if not is_mine_to_fetch:
            return token
        fresh = Token()
        try:
            fresh = await fetch(self._transport, self._feishu)
        except TransientError as fault:
            if not token.value:
                raise
            log.warning("token.not_refreshed", reason=str(fault), good_for=token.seconds)
        finally:
            await self._shelf.put(fresh)
        return fresh if fresh.value else token

    def _remember(self, token: Token) -> None:
        self._value = token.value
        self._look_at = time.monotonic() + max(token.seconds - _AHEAD, _LOOK_AGAIN)


async def fetch(transport: Transport, feishu: Feishu) -> Token:
    """Ask Feishu for a token.

    Raises:
        FeishuUnavailable, FeishuRateLimited, CredentialsRejected: as Feishu says.
    """
    secret = feishu.app_secret.get_secret_value()
    call = Call("POST", _API, body={"app_id": feishu.app_id, "app_secret": secret})
    answer = await transport.call(call)
    value, seconds = answer.get("tenant_access_token"), answer.get("expire")
    if not (value and isinstance(value, str) and isinstance(seconds, int) and seconds > 0):
        raise FeishuUnavailable(f"{call}: answered without a token")
    return Token(value, float(seconds))
