"""The acks of one connection: which are owed, which are due, and when is the time to close.

The platform knows no way to ask for no more events. What it sends while a close is on its way to
it is stored, but can no longer be acked, so it comes again and is known. So the close goes out when
that is least likely: nothing is owed, and an event was answered just now. A stream of events has
its longest gap ahead then, and where no event comes for a moment, any moment will do.
"""

from __future__ import annotations

import asyncio
import base64
import time
from contextlib import nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from picows import WSCloseCode, WSMsgType

from ingress.sources.corked import corked

if TYPE_CHECKING:
    from collections.abc import Callable

    from picows import WSTransport

    from ingress.sources.frames import Frame
    from ingress.sources.source import Ack

_LULL: Final = 0.2
"""Seconds without an event after which there is none to wait for."""

_PATIENCE: Final = 3.0
"""Seconds after which it is enough that some acks went out just now: under a flood, or with a slow
Redis, some are always owed."""

_AT_LAST: Final = 4.0
"""Seconds after which it is closed whatever is owed: whoever stores has answered by then."""

_CLOSE_WITHIN: Final = 2.0
"""Seconds the platform has to answer a close."""


class Acks:
    """Each batch of acks is sent in as few packets as it fits in."""

    def __init__(self, transport: WSTransport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._owed: set[Frame] = set()
        self._due: list[bytes] = []
        self._leaving_since: float | None = None

    def owe(self, frame: Frame) -> Callable[[Ack], None]:
        """Return how the event that this frame completed is to be answered."""
        began_at = time.monotonic()
        self._owed.add(frame)

        def answer(ack: Ack) -> None:
            took = int((time.monotonic() - began_at) * 1000)
            self._owed.discard(frame)
            self._due.append(frame.answered(_body(ack), milliseconds=took))
            if not self._owed:
                self._flush()
            elif len(self._due) == 1:
                self._loop.call_soon(self._flush)

        return answer

    def forgive(self, frame: Frame) -> None:
        """Owe nothing for this frame: it will not be answered."""
        self._owed.discard(frame)

    def close(self) -> None:
        """Close the connection at the quietest moment that is near."""
        if self._leaving_since is None:
            self._leaving_since = self._loop.time()
            self._loop.call_later(_LULL, self._close_if_idle)
            self._loop.call_later(_AT_LAST, self._close)

    def _flush(self) -> None:
        """Send what is due.

        Once the connection is gone this does nothing: the platform will bring the events again.
        """
        due, self._due = self._due, []
        with corked(self._transport) if len(due) > 1 else nullcontext():
            for ack in due:
                self._transport.send(WSMsgType.BINARY, ack)
        if self._leaving_since is None:
            return
        if self._loop.time() - self._leaving_since > _PATIENCE:
            self._close()
        else:
            self._close_if_idle()

    def _close_if_idle(self) -> None:
        if not (self._owed or self._due):
            self._close()

    def _close(self) -> None:
        if not self._transport.is_close_frame_sent:
            self._transport.send_close(WSCloseCode.OK)
            self._loop.call_later(_CLOSE_WITHIN, self._transport.disconnect, False)


@lru_cache(maxsize=64)
def _body(ack: Ack) -> bytes:
    if not ack.data:
        return b'{"code":%d}' % ack.code
    return b'{"code":%d,"data":"%b"}' % (ack.code, base64.b64encode(ack.data))
