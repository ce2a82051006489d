"""Whole WebSocket messages out of WebSocket frames: a message may come in several (RFC 6455, 5.4).

Not to be confused with the platform's own splitting of an event, which is `fragments`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from picows import WSMsgType

from shared.errors import MalformedEvent

if TYPE_CHECKING:
    from picows import WSFrame

MESSAGE_AT_MOST: Final = 64 * 1024 * 1024
"""Bytes. Closing on a large message would only bring it again and again."""

_PART: Final = 64
"""Bytes that even an empty part counts for, as it takes some to keep."""


class Messages:
    """The message under way on one connection."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, frame: WSFrame) -> bytes | None:
        """Return the message that this frame completes, if it is a binary one.

        Raises:
            MalformedEvent: it begins a text message, continues none, or makes one too large.
        """
        kind = frame.msg_type
        if kind is WSMsgType.CONTINUATION:
            if not self._parts:
                raise MalformedEvent("not_binary", "a continuation of no binary message")
            return self._extended(frame)
        if kind is WSMsgType.TEXT:
            self._forget()
            raise MalformedEvent("not_binary")
        if kind is not WSMsgType.BINARY:
            return None
        self._forget()  # it begins anew: of what was under way nothing more will come
        return frame.get_payload_as_bytes() if frame.fin else self._extended(frame)

    def _extended(self, frame: WSFrame) -> bytes | None:
        self._size += max(frame.payload_size, _PART)
        if self._size > MESSAGE_AT_MOST:
            self._forget()
            raise MalformedEvent("too_large", "a message in parts")
        self._parts.append(frame.get_payload_as_bytes())
        if not frame.fin:
            return None
        whole = b"".join(self._parts)
        self._forget()
        return whole

    def _forget(self) -> None:
        self._parts, self._size = [], 0
