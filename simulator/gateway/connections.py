"""The open connections of the app, and which of them gets the next event."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

    from simulator.ids import ConnectionId

MOST_CONNECTIONS = 50
"""Per app (facts 1.5)."""
CLOSE_TIMEOUT = 0.4
"""Seconds a client has to answer a close."""
OUTBOX = 10_000
"""Frames that may wait for a client that does not read."""


class OutboxFullError(Exception):
    """The client reads more slowly than events come."""


class Connection:
    """One socket. Frames wait in an outbox, so whoever sends never waits for a client."""

    def __init__(
        self,
        connection_id: ConnectionId,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
    ) -> None:
        self.connection_id = connection_id
        self._socket = socket
        self._transport = transport
        self._outbox: asyncio.Queue[bytes | str] = asyncio.Queue(OUTBOX)
        self.frozen = False

    def send(self, frame: bytes | str) -> None:
        """Have one WebSocket message sent: binary for bytes, text for a string.

        Raises:
            OutboxFullError: too many are waiting already.
        """
        try:
            self._outbox.put_nowait(frame)
        except asyncio.QueueFull:
            raise OutboxFullError from None

    async def write(self) -> None:
        """Empty the outbox into the socket, until cancelled or the socket is gone."""
        with suppress(ConnectionError):
            while True:
                frame = await self._outbox.get()
                if self.frozen:
                    continue
                if isinstance(frame, bytes):
                    await self._socket.send_bytes(frame)
                else:
                    await self._socket.send_str(frame)

    def freeze(self) -> None:
        """Read and write nothing from now on, and do not even notice that the client leaves."""
        self.frozen = True
        if self._transport is not None:
            self._transport.pause_reading()

    async def close(self, code: int) -> None:
        """Close the socket; drop it if the client neither reads nor answers in time."""
        try:
            async with asyncio.timeout(2 * CLOSE_TIMEOUT):
                await self._socket.close(code=code)
        except TimeoutError:
            self.abort()

    def abort(self) -> None:
        """Drop the TCP connection without a goodbye: clients see 1006."""
        if self._transport is not None:
            self._transport.abort()


class Connections:
    """All equal: each event goes to one of them at random (facts 1.5)."""

    def __init__(self) -> None:
        self._open: list[Connection] = []

    def __len__(self) -> int:
        return len(self._open)

    @property
    def full(self) -> bool:
        return len(self._open) >= MOST_CONNECTIONS

    def add(self, connection: Connection) -> None:
        self._open.append(connection)

    def remove(self, connection: Connection) -> None:
        self._open.remove(connection)

    def pick(self) -> Connection | None:
        """Return a random connection, or none if there is none."""
        return secrets.choice(self._open) if self._open else None

    def shuffled(self) -> list[Connection]:
        """Return all of them in a random order."""
        return sorted(self._open, key=lambda _: secrets.randbits(32))

    def send_all(self, frame: bytes) -> int:
        """Send the same frame to every client that reads, and return to how many."""
        sent = 0
        for connection in self._open:
            with suppress(OutboxFullError):
                connection.send(frame)
                sent += 1
        return sent

    async def close_all(self, code: int) -> int:
        """Close every socket with `code` and return how many there were."""
        closing = list(self._open)
        await asyncio.gather(*(connection.close(code) for connection in closing))
        return len(closing)

    def abort_all(self) -> int:
        """Drop every connection and return how many there were."""
        aborting = list(self._open)
        for connection in aborting:
            connection.abort()
        return len(aborting)
