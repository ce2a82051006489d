"""How a long connection came to its end, in a word for the metric and in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picows import WSCloseCode

from shared.errors import TransientError

if TYPE_CHECKING:
    from picows import WSTransport
    from picows.picows import WSCloseHandshake, WSCloseInfo


class ConnectionEnded(TransientError):
    """The long connection is over. `cause` is one word, a metric label."""

    def __init__(self, cause: str, message: str | None = None) -> None:
        super().__init__(message or cause)
        self.cause = cause


def end_of(transport: WSTransport) -> ConnectionEnded:
    """Return how a connection ended that we did not mean to leave.

    A close that picows sent by itself is its answer to silence, or to bytes that are no WebSocket.
    """
    shaken: WSCloseHandshake | None = transport.close_handshake
    if shaken is not None and shaken.recv is not None:
        return ConnectionEnded("closed", f"closed by the platform ({_words(shaken.recv)})")
    if shaken is None or shaken.sent is None:
        return ConnectionEnded("broken", "the connection broke")
    if shaken.sent.code == WSCloseCode.GOING_AWAY:
        return ConnectionEnded("no_pong", "no pong to a ping of the WebSocket protocol")
    return ConnectionEnded("protocol", f"no WebSocket can be read: {_words(shaken.sent)}")


def _words(told: WSCloseInfo) -> str:
    return f"{int(told.code.value)} {told.reason or ''}".strip()
