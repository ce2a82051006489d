"""One client's connection to the gateway: HTTP until it asks for a WebSocket, frames from then on.

By hand, since every library spends more on a frame than all the rest of the gateway. It reads what
clients of the platform do and no more: whole frames, masked (RFC 6455, 5.2 and 5.3).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BINARY: Final = 0x82
_CLOSE: Final = 0x88
_PING: Final = 0x89
_PONG: Final = 0x8A

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_SWITCHING: Final = (
    b"HTTP/1.1 101 Switching Protocols\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n"
)
_ANSWER: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
)
_HEAD, _MASK = 2, 4
_SHORT, _LONG = 126, 127


class OpenSocket(asyncio.Protocol):
    """`heard` gets the messages that came together; `changed` is called when it opens or ends."""

    def __init__(
        self,
        discovery: Callable[[], dict[str, Any]],
        heard: Callable[[OpenSocket, Sequence[bytes]], None],
        changed: Callable[[OpenSocket], None],
    ) -> None:
        self._discovery = discovery
        self._heard = heard
        self._changed = changed
        self._rest = b""
        self._transport: asyncio.Transport
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _: Exception | None) -> None:
        if self.open:
            self.open = False
            self._changed(self)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        self._rest = self._frames(data) if self.open else self._request(data)

    def send(self, frames: bytes) -> None:
        """Write frames, headed as on the wire."""
        self._transport.write(frames)

    def close(self) -> None:
        self._transport.close()

    def _request(self, data: bytes) -> bytes:
        """Answer a whole request; return what of it is not whole yet."""
        head, blank, body = data.partition(b"\r\n\r\n")
        lines = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
        fields = {name.lower(): value.strip() for name, _, value in lines}
        if not blank or len(body) < int(fields.get(b"content-length", 0)):
            return data
        if key := fields.get(b"sec-websocket-key"):
            accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
            self.send(_SWITCHING % accept)
            self.open = True
            self._changed(self)
        else:
            answer = json.dumps(self._discovery()).encode()
            self.send(_ANSWER % (len(answer), answer))
        return b""

    def _frames(self, data: bytes) -> bytes:
        """Hear every whole frame; return what is left."""
        at, end = 0, len(data)
        messages = []
        while end - at >= _HEAD + _MASK:
            size, body = data[at + 1] & 0x7F, at + _HEAD + _MASK
            if size >= _SHORT:
                extra = 2 if size == _SHORT else 8
                size = int.from_bytes(data[at + _HEAD : at + _HEAD + extra])
                body += extra
            if body + size > end:
                break
            message = _unmasked(data[body : body + size], data[body - _MASK : body])
            if data[at] == BINARY:
                messages.append(message)
            else:
                self._control(data[at], message)
            at = body + size
        if messages:
            self._heard(self, messages)
        return data[at:]

    def _control(self, kind: int, message: bytes) -> None:
        if kind == _PING:
            self.send(headed(message, _PONG))
        elif kind == _CLOSE:
            self.send(headed(message, _CLOSE))
            self.close()
        else:
            raise ValueError(f"a frame of kind {kind:#x}")


def headed(message: bytes, kind: int = BINARY) -> bytes:
    """Return a message as an unmasked frame."""
    size = len(message)
    if size < _SHORT:
        return bytes((kind, size)) + message
    return bytes((kind, _SHORT)) + size.to_bytes(2) + message


def _unmasked(message: bytes, mask: bytes) -> bytes:
    size = len(message)
    repeated = int.from_bytes((mask * (size // _MASK + 1))[:size])
    return (int.from_bytes(message) ^ repeated).to_bytes(size)
