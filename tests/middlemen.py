"""Who may stand between us and the platform, on loopback: a forward proxy, and a TLS terminator."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Callable, Iterator
    from ssl import SSLContext


class Middleman(Protocol):
    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve one connection to its end."""


class Proxy:
    """A forward proxy as HTTP(S)_PROXY names it; `seen` tells what each connection was for."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target = head.decode().split()[:2]
        self.seen.append(f"{method} {target.partition('?')[0]}")
        if method == "CONNECT":
            host, _, port = target.rpartition(":")
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
            return
        origin = urlsplit(target)

        def by_path(request: bytes) -> bytes:
            return request.replace(f"http://{origin.netloc}".encode(), b"", 1)

        far_reader, far_writer = await asyncio.open_connection(origin.hostname, origin.port)
        far_writer.write(by_path(head))
        await asyncio.gather(_pump(reader, far_writer, by_path), _pump(far_reader, writer))


class TlsFront:
    """Ends TLS for a plain server on loopback, and tells that server so in every request."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        def marked(request: bytes) -> bytes:
            return request.replace(b"\r\n", b"\r\nX-Forwarded-Proto: https\r\n", 1)

        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        await asyncio.gather(_pump(reader, far_writer, marked), _pump(far_reader, writer))


class Served(Thread):
    """Serves connections on a loop of its own until it is ended."""

    def __init__(self, middleman: Middleman, tls: SSLContext | None) -> None:
        super().__init__()
        self._middleman = middleman
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self.port: Future[int] = Future()

    def run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self.join()

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port.set_result(server.sockets[0].getsockname()[1])
        await self._ended.wait()
        server.close()
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await asyncio.sleep(0)  # lets their transports leave the loop

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._middleman.serve(reader, writer)
        writer.transport.abort()  # closing TLS would wait for the other side


@contextmanager
def serving(middleman: Middleman, tls: SSLContext | None = None) -> Iterator[int]:
    """Let it serve on loopback until the end of the block; give its port."""
    served = Served(middleman, tls)
    served.start()
    try:
        yield served.port.result(timeout=PATIENCE)
    finally:
        served.end()


async def _pump(
    reader: StreamReader, writer: StreamWriter, amended: Callable[[bytes], bytes] = bytes
) -> None:
    """Carry bytes to the end of one side, requests as amended."""
    try:
        while chunk := await reader.read(65536):
            request = chunk.startswith((b"GET ", b"POST "))
            writer.write(amended(chunk) if request else chunk)
            await writer.drain()
    finally:
        writer.close()
