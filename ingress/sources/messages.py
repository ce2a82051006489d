"""Whole WebSocket messages out of WebSocket frames: a message may come in several (RFC 6455, 5.4).

Not to be confused with the platform's own splitting of an event, which is `fragments`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from picows import WSMsgType

from shared.errors import MalformedEvent

if TYPE_CHECKING:
    from picows import WSFrame


class Messages:
    """The message under way on one connection."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def add(self, frame: WSFrame) -> bytes | None:
        """Return the message that this frame completes, if it is a binary one.

        Raises:
            MalformedEvent: it belongs to a text message.
        """
        kind = frame.msg_type
        if kind is WSMsgType.BINARY and frame.fin:
            return frame.get_payload_as_bytes()
        if kind is WSMsgType.TEXT:
            raise MalformedEvent("not_binary")
        if kind not in {WSMsgType.BINARY, WSMsgType.CONTINUATION}:
            return None
        self._parts.append(frame.get_payload_as_bytes())
        if not frame.fin:
            return None
        whole, self._parts = b"".join(self._parts), []
        return whole
