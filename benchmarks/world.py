"""`python -m benchmarks.world PORT`: a model and a Feishu that cost next to nothing.

What a worker is measured against must not be what is measured, so this is no more than the HTTP of
both: raw asyncio on uvloop, 15 us a call. The model streams what is asked of it in the prompt,
`CHUNKS RATE`: so many chunks, so many a second. The Feishu answers whatever a reply calls.

The model's chunks go out on one clock for all streams: a timer each would cost more than writing.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson
import uvloop

LINGERS: Final = b"\r\nConnection: keep-alive\r\n"
WORD: Final = "word "
_ANSWERS: Final[dict[bytes, dict[str, Any]]] = {
    b"/open-apis/auth": {"tenant_access_token": "t-world", "expire": 7200},
    b"/open-apis/bot": {"bot": {"open_id": "ou_3db3df527e172a42dad6ea124cfd0c50"}},
    b"/open-apis/im": {"data": {"message_id": "om_answer"}},
    b"/open-apis/cardkit": {"data": {"card_id": "7355372766134157313"}},
}


@dataclass(slots=True)
class _Stream:
    transport: asyncio.Transport
    left: int
    every: float
    due: float


class World:
    """Who is connected, and the streams that are under way."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._streams: list[_Stream] = []
        self._answers = {path: _whole(body) for path, body in _ANSWERS.items()}
        self._head = _head()
        self._chunk = _chunked(_event({"content": WORD}))
        self._end = (
            _chunked(_event({}, finish="stop")) + _chunked(b"data: [DONE]\n\n") + b"0\r\n\r\n"
        )

    async def tick(self) -> None:
        """Write what is due, a hundred times a second."""
        while True:
            now = self._loop.time()
            self._streams = [stream for stream in self._streams if self._goes_on(stream, now)]
            await asyncio.sleep(max(0.0, now + 0.01 - self._loop.time()))

    def answer(self, transport: asyncio.Transport, path: bytes, body: bytes) -> None:
        for start, answer in self._answers.items():
            if path.startswith(start):
                transport.write(answer)
                return
        chunks, rate = _asked(body)
        transport.write(self._head)
        self._streams.append(_Stream(transport, chunks, 1 / rate, self._loop.time() + 1 / rate))

    def _goes_on(self, stream: _Stream, now: float) -> bool:
        if stream.transport.is_closing():
            return False
        while stream.left and stream.due <= now:
            stream.transport.write(self._chunk)
            stream.left -= 1
            stream.due += stream.every
        if not stream.left:
            stream.transport.write(self._end)
        return stream.left > 0


class _Caller(asyncio.Protocol):
    """HTTP/1.1 as its clients speak it here: a length or no body, one call after the other."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._heard = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while (end := self._heard.find(b"\r\n\r\n")) >= 0:
            head = self._heard[:end]
            length = _length(head)
            if len(self._heard) < end + 4 + length:
                return
            body, self._heard = (
                self._heard[end + 4 : end + 4 + length],
                self._heard[end + 4 + length :],
            )
            self._world.answer(self._transport, head.split(b" ", 2)[1], body)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _asked(body: bytes) -> tuple[int, float]:
    """Read how many chunks the last message asks for, and how many a second."""
    said = orjson.loads(body)["messages"][-1]["content"]
    chunks, rate = said.split()[-2:]
    return int(chunks), float(rate)


def _event(delta: dict[str, str], *, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    chunk = {
        "id": "chatcmpl-world",
        "object": "chat.completion.chunk",
        "created": 1774004597,
        "model": "world",
        "choices": [choice],
    }
    return b"data: " + orjson.dumps(chunk) + b"\n\n"


def _whole(body: dict[str, Any]) -> bytes:
    raw = orjson.dumps({"code": 0, "msg": "ok", **body})
    head = b"HTTP/1.1 200 OK" + LINGERS + b"Content-Type: application/json\r\nContent-Length: "
    return head + b"%d\r\n\r\n" % len(raw) + raw


def _head() -> bytes:
    return (
        b"HTTP/1.1 200 OK" + LINGERS + b"Content-Type: text/event-stream\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )


def _chunked(raw: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(raw), raw)


async def _serve(port: int) -> None:
    world = World()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Caller(world), "127.0.0.1", port, backlog=1024)
    print("listening", flush=True)
    async with server:
        await world.tick()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
