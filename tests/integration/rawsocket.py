"""The platform's end of the long connection, byte by byte: it says whatever a test wants."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import struct
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import AsyncIterator

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
_MAGIC: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def ws(payload: bytes, opcode: int = BINARY, *, fin: bool = True, more: int = 0) -> bytes:
    """Return one WebSocket frame; `more` is or-ed into its first byte."""
    length = len(payload)
    head = bytes((fin << 7 | opcode | more,))
    if length < 126:
        return head + bytes((length,)) + payload
    if length < 2**16:
        return head + struct.pack("!BH", 126, length) + payload
    return head + struct.pack("!BQ", 127, length) + payload


class RawSocket:
    """One socket that is open on our side; `heard` gives what the client says, None at its end."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.heard: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue()

    def say(self, raw: bytes) -> None:
        self._writer.write(raw)

    def abort(self) -> None:
        self._writer.transport.abort()

    async def shake_hands(self) -> None:
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
        accept = base64.b64encode(hashlib.sha1(lines[b"Sec-WebSocket-Key"] + _MAGIC).digest())
        self.say(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )

    async def listen(self) -> None:
        """Hear what is said until the client is gone."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                self.heard.put_nowait(await self._frame())
        self.heard.put_nowait(None)

    async def next(self, opcode: int = BINARY) -> bytes:
        """Return the next thing said with this opcode, or fail if the client leaves instead."""
        async with asyncio.timeout(PATIENCE):
            while (said := await self.heard.get()) is not None:
                if said[0] == opcode:
                    return said[1]
        raise AssertionError("the client left")

    async def gone(self) -> None:
        """Wait until the client is gone."""
        async with asyncio.timeout(PATIENCE):
            while await self.heard.get() is not None:
                pass

    async def _frame(self) -> tuple[int, bytes]:
        first, second = await self._reader.readexactly(2)
        length = second & 0x7F
        if length >= 126:
            size = 2 if length == 126 else 8
            length = int.from_bytes(await self._reader.readexactly(size))
        mask = await self._reader.readexactly(4)
        masked = await self._reader.readexactly(length)
        return first & 0x0F, bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked))


class RawPlatform:
    """Listens on loopback.

    `hang_up` breaks each socket before the handshake is answered; while it is not `willing`, the
    handshake waits.
    """

    def __init__(self) -> None:
        self.accepted: asyncio.Queue[RawSocket] = asyncio.Queue()
        self.hang_up = False
        self.knocks = 0
        self.willing = asyncio.Event()
        self.willing.set()
        self.port = 0
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/?device_id=1&service_id=7&ticket=secret"

    def endpoint(self, **config: object) -> dict[str, object]:
        """Return what discovery answers with."""
        return {"code": 0, "data": {"URL": self.url, "ClientConfig": config}}

    async def socket(self) -> RawSocket:
        """Return the next socket that a client has opened."""
        async with asyncio.timeout(PATIENCE):
            return await self.accepted.get()

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        socket = RawSocket(reader, writer)
        try:
            if self.hang_up:
                return
            self.knocks += 1
            await self.willing.wait()
            await socket.shake_hands()
            self.accepted.put_nowait(socket)
            await socket.listen()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            socket.abort()

    async def end(self) -> None:
        for task in (*self._serving,):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)


@asynccontextmanager
async def raw_platform() -> AsyncIterator[RawPlatform]:
    """Serve on loopback until the end of the block."""
    platform = RawPlatform()
    server = await asyncio.start_server(platform.serve, "127.0.0.1", 0)
    platform.port = server.sockets[0].getsockname()[1]
    try:
        yield platform
    finally:
        server.close()
        await platform.end()
        await asyncio.sleep(0)  # lets the transports leave the loop
