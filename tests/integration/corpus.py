"""Valid frames of every kind: what a fuzzer begins with."""

from __future__ import annotations

import itertools
import json
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from simulator.control.saying import Saying
from simulator.events.asked import EventError
from simulator.events.catalogue import CATALOGUE
from simulator.gateway.frames import Frame, Method, encode
from simulator.gateway.sockets import pong
from simulator.world.people import make_app
from simulator.world.world import World
from tests.factories import MENTION_OF_BOT, message, payload, pressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAID: list[dict[str, Any]] = [
    {"text": "hello"},
    {"text": "hello", "v1": True},
    {"text": "@bot, a thread?", "chat": "team", "thread": "new"},
    {"text": "\u4f60\u597d \U0001f680 \u0007 \\ \" ' \u2028"},
    {"text": "x" * 20_000},
    {"type": "post", "content": {"zh_cn": {"title": "t", "content": [[{"tag": "text"}]]}}},
]


class _Clock:
    """The part of a loop that the simulator's world needs."""

    def time(self) -> float:
        return time.monotonic()

    def call_later(self, delay: float, callback: Callable[[], object], /) -> object:
        return delay, callback


def frame(
    content: bytes, *, kind: str = "event", frame_id: str = "f", total: int = 1, seq: int = 0
) -> bytes:
    headers = {
        "type": kind,
        "message_id": frame_id,
        "sum": str(total),
        "seq": str(seq),
        "trace_id": "0123456789abcdef" * 2,
        "timestamp": "1774004597520",
        "instance_id": "instance",
    }
    return encode(
        Frame(
            seq_id=1,
            log_id=7_000_000_000_000_000_000,
            service=33554678,
            method=Method.DATA,
            headers=headers,
            payload=content,
        )
    )


def corpus() -> list[bytes]:
    """Return the same frames every time, so that a seed stands for the same mutations."""
    found = [
        pong(b"", 1),
        pong(b'{"ReconnectCount":-1,"PingInterval":120,"ReconnectInterval":120}', 1),
        encode(Frame(method=Method.CONTROL, headers={"type": "ping"})),
        encode(Frame(method=Method.DATA)),
    ]
    for number, content in enumerate(map(_fixed, _payloads())):
        found.append(frame(content, frame_id=f"whole{number}"))
        half, split = len(content) // 2, f"split{number}"
        found.append(frame(content[half:], frame_id=split, total=2, seq=1))
        found.append(frame(content[:half], frame_id=split, total=2, seq=0))
        if b"card" in content:
            found.append(frame(content, kind="card", frame_id=f"card{number}"))
    return found


def _payloads() -> Iterator[bytes]:
    world = World(make_app("cli_0123456789abcdef", "secret", "bot"), _Clock(), keep=100)
    saying = Saying(world)
    for asked in SAID:
        yield saying.send({"user": "alice", "chat": "p2p", **asked})[1].payload
    for kind in CATALOGUE.values():
        with suppress(EventError):
            yield kind.event(world, {}).payload
    yield payload(
        message(event_id="e", message_id="om_1", mentions=[MENTION_OF_BOT], thread="omt_1")
    )
    yield payload(_press())
    yield json.dumps({"uuid": "u", "token": "t", "type": "event_callback", "event": {}}).encode()


def _press() -> dict[str, Any]:
    press = pressed(event_id="e")
    press["event"] |= {"token": "c-1", "context": {"open_message_id": "om_1", "open_chat_id": "oc"}}
    return press


def _fixed(content: bytes) -> bytes:
    """Replace what is random, in ids and in times, by digits that are the same every time."""
    digits = itertools.cycle(b"1234567890")

    def alike(found: re.Match[bytes]) -> bytes:
        return bytes(next(digits) if chr(byte).isalnum() else byte for byte in found.group())

    return re.sub(rb"[0-9a-fA-F.-]{8,}", alike, content)
