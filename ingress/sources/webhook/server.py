"""uvicorn in the ingress's own loop: signals and logs stay the ingress's."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingress.sources.webhook.application import Application

KEEP_ALIVE: Final = 75
"""Seconds: a proxy in front is to close an idle connection first, or it may post into its end."""
LAST_ANSWERS: Final = 7
"""Seconds for what is in flight at the end: a second more than a request may take."""


class Server(uvicorn.Server):
    """Serves one application until it is told to leave."""

    def __init__(self, application: Application) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                http="h11",
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=LAST_ANSWERS,
            )
        )

    def leave(self) -> None:
        """Have `serve` stop listening, finish what is in flight, and return."""
        self.should_exit = True

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().serve(sockets)
        except asyncio.CancelledError:
            self._hang_up()
            if self.started:
                self.force_exit = True
                await self.shutdown(sockets)
            raise
        finally:
            self._hang_up()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def _hang_up(self) -> None:
        """Close what is still open: senders that take nothing, or everybody in a hurry."""
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections.

    Raises:
        ConfigurationError: the port is taken, or the host is not here.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigurationError(
            f"LARKSPUR_WEBHOOK__HOST, LARKSPUR_WEBHOOK__PORT: {error.strerror}"
        ) from error
