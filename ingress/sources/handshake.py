"""Opening the socket that discovery named, and what a refused handshake says (facts 1.2)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from picows import WSError, WSHandshakeError, WSInvalidURL, ws_connect
from python_socks import ProxyError

from ingress.sources.ended import ConnectionEnded
from ingress.sources.messages import MESSAGE_AT_MOST
from shared.feishu.refusals import TOO_MANY_CONNECTIONS
from shared.proxies import proxy_for

if TYPE_CHECKING:
    from ingress.sources.open_connection import OpenConnection

OPEN_WITHIN: Final = 10.0
_IDLE: Final = 20.0
"""Seconds of silence before an RFC 6455 ping, which finds a dead peer sooner than the platform's
own ping does."""

_PONG_WITHIN: Final = 10.0


async def open_socket(url: str, connection: OpenConnection) -> None:
    """Open a socket for a connection, through the proxy that the environment names for HTTP.

    Raises:
        ConnectionEnded: `cause` is `handshake`, or `too_many_connections`.
    """
    try:
        await _open(url, connection)
    except BaseException:  # given up, but picows goes on: it may open all the same
        connection.abandon()
        raise


async def _open(url: str, connection: OpenConnection) -> None:
    try:
        proxy = await asyncio.to_thread(proxy_for, url)
        async with asyncio.timeout(OPEN_WITHIN):
            await _connect(url, connection, proxy)
    except WSHandshakeError as refused:
        raise _read(refused) from refused
    except WSInvalidURL as error:  # it quotes the address, with a ticket or a password
        raise ConnectionEnded("handshake", "an address that cannot be used") from error
    except (WSError, ProxyError, TimeoutError, OSError, ValueError) as error:
        raise ConnectionEnded("handshake", str(error) or type(error).__name__) from error
    if not connection.opened:  # picows does not say so
        raise ConnectionEnded("handshake", "the platform hung up during the handshake")


async def _connect(url: str, connection: OpenConnection, proxy: str | None) -> None:
    await ws_connect(
        lambda: connection,
        url,
        websocket_handshake_timeout=OPEN_WITHIN,
        enable_auto_ping=True,
        auto_ping_idle_timeout=_IDLE,
        auto_ping_reply_timeout=_PONG_WITHIN,
        max_frame_size=MESSAGE_AT_MOST,
        max_redirects=0,
        use_aiofastnet=False,  # uvloop sends a batch as one, over TLS
        proxy=proxy,
    )


def _read(refused: WSHandshakeError) -> ConnectionEnded:
    if refused.response is None:
        return ConnectionEnded("handshake", str(refused))
    heard = refused.response.headers
    status = heard.get("Handshake-Status", str(int(refused.response.status)))
    code, message = heard.get("Handshake-Autherrcode", ""), heard.get("Handshake-Msg", "")
    cause = "too_many_connections" if code == str(TOO_MANY_CONNECTIONS) else "handshake"
    return ConnectionEnded(cause, " ".join(said for said in (status, code, message) if said))
