"""The public web on loopback: a server that says anything, and names that lead anywhere."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver

from shared.errors import NotFetched
from shared.feishu.public_web import PublicWeb, public_web

if TYPE_CHECKING:
    import socket
    from asyncio import StreamReader, StreamWriter
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from aiohttp.abc import ResolveResult

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK, METADATA = "127.0.0.1", "169.254.169.254"
MIB = 1024 * 1024
PICTURE = b"\x89PNG and so on"


def ok(body: bytes = PICTURE, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def found(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} There\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


class Web:
    """A server of loopback that says one thing for each path, and may go on saying it."""

    def __init__(self) -> None:
        self.port = 0
        self.says: dict[str, bytes] = {}
        self.goes_on: dict[str, bytes] = {}
        self.heard: list[str] = []
        self.left = 0

    def url(self, path: str, host: str = LOOPBACK) -> str:
        return f"http://{host}:{self.port}{path}"

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heard.append(head)
            path = head.split()[1]
            writer.write(self.says[path])
            await writer.drain()
            while more := self.goes_on.get(path):
                writer.write(more)
                await writer.drain()
            if path.startswith("/silent"):
                await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()
            self.left += 1


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """A server of loopback that speaks HTTP as it should; its URL, without a path."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0).start()
    try:
        yield f"http://{LOOPBACK}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def speaking(web: Web, **options: Any) -> AsyncIterator[Web]:
    """Have it speak until the end of the block."""
    server = await asyncio.start_server(web.serve, LOOPBACK, 0, **options)
    web.port = server.sockets[0].getsockname()[1]
    yield web
    server.close()
    await asyncio.sleep(0)  # lets the transports leave the loop


class Names(AbstractResolver):
    """Answers each look-up with the next of its answers, the last one for ever."""

    def __init__(self, *answers: Iterable[str]) -> None:
        self._answers = [list(answer) for answer in answers]
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily | int = 0
    ) -> list[ResolveResult]:
        self.asked.append(host)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not answer:
            raise OSError("no such name")
        return [
            {"hostname": host, "host": each, "port": port, "family": family, "proto": 0, "flags": 0}
            for each in answer
        ]

    async def close(self) -> None:
        pass


@dataclass
class Opened:
    web: PublicWeb
    names: Names

    async def fetch(self, url: str) -> bytes:
        return await self.web.fetch(url, at_most=MIB)

    async def refusal(self, url: str) -> str:
        return await reason(self.web, url)


@asynccontextmanager
async def opened(web: Web, *answers: Iterable[str], **options: Any) -> AsyncIterator[Opened]:
    """Open the web as it is opened in earnest, but for loopback, which is let through."""
    names = Names(*(answers or ([LOOPBACK],)))
    options = {
        "allowed": lambda address, port: address == LOOPBACK and port in (80, web.port),
        "resolver": names,
        **options,
    }
    async with public_web(**options) as public:
        yield Opened(public, names)


async def reason(public: PublicWeb, url: str, at_most: int = MIB) -> str:
    with pytest.raises(NotFetched) as refused:
        await public.fetch(url, at_most=at_most)
    return refused.value.reason
