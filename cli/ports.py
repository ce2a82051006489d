"""Ports of loopback for servers that live as long as a test or a measurement."""

from __future__ import annotations

import os
import random
import socket
from contextlib import suppress
from itertools import count
from typing import Final

_FIRST: Final = 10_000
_LAST: Final = 32_000
"""Below what systems give to outgoing connections: one of those may take a port between the look
at it and the start of its server."""

_SHARES: Final = 16
"""Processes that test at the same time look at different ports."""

_SHARE: Final = (_LAST - _FIRST) // _SHARES
_tries = count(random.randrange(_SHARE))  # noqa: S311 - two runs on one machine seldom meet


def free_port() -> int:
    """Return a port that nobody listens on, each time another.

    Raises:
        OSError: every port of this process's share is taken.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", f"gw{os.getpid()}").removeprefix("gw")
    first = _FIRST + int(worker) % _SHARES * _SHARE
    for _ in range(_SHARE):
        port = first + next(_tries) % _SHARE
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(f"no port from {first} to {first + _SHARE - 1} is free")
