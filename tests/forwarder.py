"""A middleman on the way to Redis, whose lines may be slow, go dead without a word, or break."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.eventually import soon
from tests.middlemen import serving

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Iterator

_FOR_EVER: Final = 3600.0
_NO_LINGER: Final = struct.pack("ii", 1, 0)


@dataclass(eq=False)
class Carried:
    """One connection, and whether anything moves on it."""

    near: StreamWriter
    dead: bool = False

    def reset(self) -> None:
        near = self.near.get_extra_info("socket")
        near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.near.transport.abort()


class Forwarder:
    """Carries bytes to a port of loopback and back; what is done to it may be done by any thread.

    Answers arrive `slow` seconds late. While `dead`, nothing is carried on any connection, and
    none is closed; what was sent meanwhile arrives when that is over. While `full`, only answers
    are carried: what is sent to Redis backs up. A connection that says a `deadly` word goes dead.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._carried: list[Carried] = []
        self._loop: asyncio.AbstractEventLoop
        self.slow = 0.0
        self.dead = False
        self.full = False
        self.deadly: bytes | None = None
        self.url = ""

    def hang(self) -> None:
        """Let the connections that are open go dead; new ones live."""
        for carried in self._carried:
            carried.dead = True

    def revive(self) -> None:
        self.dead = False
        for carried in self._carried:
            carried.dead = False

    def reset(self) -> None:
        """Break the connections that are open, as a firewall does that forgot them."""
        broken, self._carried = self._carried, []
        for carried in broken:
            self._loop.call_soon_threadsafe(carried.reset)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._loop = asyncio.get_running_loop()
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        carried = Carried(writer)
        self._carried.append(carried)
        await asyncio.gather(
            self._pump(carried, reader, far_writer),
            self._pump(carried, far_reader, writer, answers=True),
        )

    async def _pump(
        self, carried: Carried, reader: StreamReader, writer: StreamWriter, *, answers: bool = False
    ) -> None:
        try:
            while chunk := await reader.read(65536):
                if answers:
                    await asyncio.sleep(self.slow)
                elif self.deadly is not None and self.deadly in chunk:
                    carried.dead = True
                await soon(lambda: self._moves(carried, answers=answers), within=_FOR_EVER)
                writer.write(chunk)
                await writer.drain()
        finally:
            writer.close()

    async def _moves(self, carried: Carried, *, answers: bool) -> bool:
        return not (self.dead or carried.dead or (self.full and not answers))


@contextmanager
def forwarding(port: int) -> Iterator[Forwarder]:
    """Forward to a Redis on `port` until the end of the block; give the forwarder, with its URL."""
    forwarder = Forwarder(port)
    with serving(forwarder) as near:
        forwarder.url = f"redis://127.0.0.1:{near}/0"
        yield forwarder
