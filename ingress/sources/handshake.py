"""Opening the socket that discovery named, and what a refused handshake says (facts 1.2)."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWSTimeout
from aiohttp import WSServerHandshakeError as Refused

from ingress.sources.open_connection import ConnectionEnded
from shared.feishu.refusals import TOO_MANY_CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from aiohttp import ClientWebSocketResponse

OPEN_WITHIN: Final = 10.0
_CLOSE_WITHIN: Final = 2.0
_HEARTBEAT: Final = 20.0
"""Seconds between RFC 6455 pings, which find a dead peer sooner than the platform's own ping."""

_MESSAGE_AT_MOST: Final = 64 * 1024 * 1024  # closing on a large one would bring it again and again


class Handshake:
    """Opens sockets. Proxies are taken from the environment, the same as for discovery."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def open(self, url: str) -> ClientWebSocketResponse:
        """Return an open socket.

        Raises:
            ConnectionEnded: `cause` is `handshake`, or `too_many_connections`.
        """
        # aiohttp looks a proxy up by the scheme, and nobody sets WSS_PROXY.
        over_http = "http" + url.removeprefix("ws")
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                return await self._session.ws_connect(
                    over_http,
                    heartbeat=_HEARTBEAT,
                    max_msg_size=_MESSAGE_AT_MOST,
                    timeout=ClientWSTimeout(ws_close=_CLOSE_WITHIN),
                )
        except Refused as refused:
            raise _read(refused) from refused
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            raise ConnectionEnded("handshake", type(error).__name__) from error


@asynccontextmanager
async def handshakes() -> AsyncIterator[Handshake]:
    """Give a `Handshake` whose sockets are gone at the end of the block."""
    timeout = ClientTimeout(total=None, sock_connect=OPEN_WITHIN)
    async with ClientSession(timeout=timeout, trust_env=True) as session:
        yield Handshake(session)


def _read(refused: Refused) -> ConnectionEnded:
    heard: Mapping[str, str] = refused.headers or {}
    status = heard.get("Handshake-Status", str(refused.status))
    code, message = heard.get("Handshake-Autherrcode", ""), heard.get("Handshake-Msg", "")
    cause = "too_many_connections" if code == str(TOO_MANY_CONNECTIONS) else "handshake"
    return ConnectionEnded(cause, " ".join(said for said in (status, code, message) if said))
