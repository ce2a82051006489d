"""Sending many small messages as few packets."""

from __future__ import annotations

import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picows import WSTransport


@contextmanager
def corked(transport: WSTransport) -> Iterator[None]:
    """Hold back what is sent during the block, and send it together at its end.

    picows hands every message to the system at once. Where that has no cork (it is Linux's), or
    where TLS gathers anyway, nothing changes.
    """
    held = None
    if sys.platform == "linux" and not (transport.is_secure or transport.is_disconnected):
        held = transport.underlying_transport.get_extra_info("socket")
    if held is None:
        yield
        return
    held.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    try:
        yield
    finally:
        if not transport.is_disconnected:
            held.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
