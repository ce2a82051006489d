"""Telling systemd how the ingress is: ready, alive, stopping, and why not (sd_notify).

One datagram per state to the socket in NOTIFY_SOCKET; see
https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html. Nothing here waits: a
state that the socket does not take now is said again.
"""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ingress.health import Health

_LOOK_EVERY: Final = 1.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Systemd:
    """Speaks for one process, if systemd asked it to; else it does nothing.

    `alive` returns why the process should be started anew, by cause; empty while it is alive.
    """

    def __init__(
        self, health: Health, alive: Callable[[], dict[str, str]], environment: Mapping[str, str]
    ) -> None:
        self._health = health
        self._alive = alive
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        self._watchdog = _watchdog(environment)
        self._was_ready = False
        self._told = ""

    async def run(self) -> None:
        """Tell, for ever."""
        if self._address is None:
            await asyncio.Event().wait()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell())
            if self._watchdog:
                group.create_task(self._pat(self._watchdog / 2))

    def stopping(self) -> None:
        """Say that the process is about to end by itself."""
        self._send("STOPPING=1", "STATUS=stopping")

    async def _tell(self) -> None:
        while True:
            ready = self._health.sides and not self._health.reasons
            if ready and not self._was_ready:
                self._was_ready = self._send("READY=1")
            status = _words({**self._health.reasons, **self._alive()}) or "ready"
            if status != self._told and self._send(f"STATUS={status}"):
                self._told = status
            await asyncio.sleep(_LOOK_EVERY)

    async def _pat(self, every: float) -> None:
        """Keep the watchdog from biting, as long as the process is alive."""
        was_alive = True
        while True:
            reasons = self._alive()
            if reasons and was_alive:
                log.error("process.not_alive", reason=_words(reasons))
            was_alive = not reasons
            patted = was_alive and self._send("WATCHDOG=1")
            await asyncio.sleep(every if patted else every / 10)

    def _send(self, *states: str) -> bool:
        """Tell whether the socket took it."""
        if self._address is None:
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.setblocking(False)
            with suppress(OSError):  # nobody listens, or not fast enough
                door.sendto("\n".join(states).encode(), self._address)
                return True
        return False


def _address(named: str) -> str | None:
    """A path, or with a leading @ a name in Linux' abstract namespace."""
    if named.startswith("@"):
        return "\0" + named[1:]
    return named if named.startswith("/") else None


def _watchdog(environment: Mapping[str, str]) -> float | None:
    """Return after how many seconds of silence systemd kills this process, None for never."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(microseconds) / 1e6 if microseconds.isdecimal() and int(microseconds) else None


def _words(reasons: Mapping[str, str]) -> str:
    """One line, for a state ends where its line does."""
    said = "; ".join(f"{side}: {reason}" for side, reason in sorted(reasons.items()))
    return " ".join(said.split())
