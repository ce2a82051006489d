"""The long connection against a platform that breaks the rules."""

from __future__ import annotations

import asyncio
import gc
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from picows import ws_connect
from structlog.testing import capture_logs

from ingress.health import Health
from ingress.metrics import Metrics
from ingress.sources.ended import ConnectionEnded
from ingress.sources.handshake import open_socket
from ingress.sources.long_connection import LongConnection
from ingress.sources.open_connection import OpenConnection
from ingress.sources.source import STORED
from shared.feishu.endpoint import ClientConfig, Endpoint
from simulator.gateway.frames import Frame, Method, decode, encode
from tests.eventually import PATIENCE, soon
from tests.integration.rawsocket import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    RawPlatform,
    raw_platform,
    ws,
)
from tests.integration.scripted import scripted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from ingress.sources.source import Delivery


def event(payload: bytes = b"{}", *, frame_id: str = "f1") -> bytes:
    """Return an event's frame, as the platform encodes it."""
    headers = {"type": "event", "message_id": frame_id, "sum": "1", "seq": "0"}
    return encode(Frame(service=7, method=Method.DATA, headers=headers, payload=payload))


class Listening:
    """A long connection that listens to a raw platform."""

    def __init__(self, source: LongConnection, metrics: Metrics, health: Health) -> None:
        self.source = source
        self.health = health
        self._metrics = metrics
        self.taken: list[Delivery] = []
        self.answers: Callable[[Delivery], None] = lambda one: one.answer(STORED)
        self.faults: list[dict[str, Any]] = []
        self.running: asyncio.Task[None] | None = None

    def take(self, delivery: Delivery) -> None:
        self.taken.append(delivery)
        self.answers(delivery)

    def reconnects(self, cause: str) -> float:
        return self._sample("larkspur_reconnects_total", cause=cause)

    def rejected(self, reason: str) -> float:
        return self._sample("larkspur_rejected_total", reason=reason)

    def _sample(self, name: str, **labels: str) -> float:
        return self._metrics.registry.get_sample_value(name, labels) or 0.0


@asynccontextmanager
async def listening(platform: RawPlatform, **config: object) -> AsyncIterator[Listening]:
    """Listen until the end of the block; nothing may have gone wrong unseen by then."""
    health = Health()
    metrics = Metrics(health)
    config = {"ReconnectNonce": 0, **config}
    async with scripted(endpoint=lambda _: platform.endpoint(**config)) as script:
        source = LongConnection(script.transport, script.feishu, metrics, health)
        listener = Listening(source, metrics, health)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, fault: listener.faults.append(fault))
        listener.running = asyncio.create_task(source.run(listener.take))
        yield listener
        assert not listener.running.done() or listener.running.exception() is None
        listener.running.cancel()
        await asyncio.gather(listener.running, return_exceptions=True)
        await asyncio.sleep(0.05)  # lets what was closed leave the loop
        gc.collect()  # an exception that nobody retrieved is told of when it is collected
        assert listener.faults == []


async def test_platform_that_hangs_up_during_the_handshake_is_tried_again() -> None:
    async with raw_platform() as platform, listening(platform) as listener:
        platform.hang_up = True
        await soon(lambda: at_least(listener, "handshake", 3))

        platform.hang_up = False

        await platform.socket()
        await soon(lambda: ready(listener))


@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        "",
        "ws://",
        "ws://[",
        "ws://host:port/?ticket=secret",
        "ws://127.0.0.1:99999/?ticket=secret",
        "http://127.0.0.1/?ticket=secret",
        "ws://\u00e9@127.0.0.1/?ticket=secret",
        "ws://127.0.0.1/?ticket=secret#here",
        "ws://" + "a" * 70 + "/?ticket=secret",
    ],
)
async def test_address_that_is_none_is_asked_for_again_and_not_quoted(address: object) -> None:
    def found(_: int) -> dict[str, Any]:
        return {"code": 0, "data": {"URL": address}}

    health = Health()
    async with scripted(endpoint=found) as script:
        source = LongConnection(script.transport, script.feishu, Metrics(health), health)
        with capture_logs() as logs:
            running = asyncio.create_task(source.run(lambda _: None))
            await soon(lambda: asked_at_least(script.calls, 2))

    assert not running.done()
    assert "secret" not in str(logs) + str(health.reasons)
    running.cancel()


@pytest.mark.parametrize("service", ["99999999999", "9" * 5000, "-1", "x", "%C2%B2", ""])
async def test_service_id_that_fits_no_frame_is_left_out(service: str) -> None:
    async with raw_platform() as platform:
        url = f"{platform.url.replace('service_id=7', '')}&service_id={service}"

        def found(_: int) -> dict[str, Any]:
            return {"code": 0, "data": {"URL": url}}

        health = Health()
        async with scripted(endpoint=found) as script:
            source = LongConnection(script.transport, script.feishu, Metrics(health), health)
            running = asyncio.create_task(source.run(lambda _: None))

            ping = decode(await (await platform.socket()).next())

            assert (ping.service, ping.headers) == (0, {"type": "ping"})
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(
    "raw",
    [
        ws(b"", 3),
        ws(b"", 11),
        b"\x82\x80\x00\x00\x00\x00",
        b"\x82\x7f" + b"\xff" * 8,
        b"\x82\x7f" + (2**62).to_bytes(8),
        b"\x82\x7e\x00\x05" + b"short",
        ws(b"", PING, fin=False),
        b"\x89\x7e\x01\x00" + b"x" * 256,
        ws((999).to_bytes(2), CLOSE),
        ws((1015).to_bytes(2), CLOSE),
        ws((1000).to_bytes(2) + b"\xff\xfe", CLOSE),
        ws(b"\x03", CLOSE),
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
async def test_bytes_that_are_no_websocket_end_it_and_it_comes_back(raw: bytes) -> None:
    async with raw_platform() as platform, listening(platform) as listener:
        socket = await platform.socket()

        socket.say(raw)

        again = await platform.socket()
        assert await soon(lambda: at_least(listener, "protocol", 1))
        again.say(ws(event()))
        while decode(ack := await again.next()).method != Method.DATA:
            pass
        assert decode(ack).payload == b'{"code":200}'


@pytest.mark.parametrize("code", [0, 1000, 1001, 1006, 1012, 3000, 4999])
async def test_close_is_answered_and_told_with_its_code(code: int) -> None:
    async with raw_platform() as platform, listening(platform) as listener:
        socket = await platform.socket()
        with capture_logs() as logs:
            socket.say(ws(code.to_bytes(2) + b"bye" if code else b"", CLOSE))

            assert (await socket.next(CLOSE))[:2] == (1000).to_bytes(2)
            await platform.socket()

        ended = next(line for line in logs if line["event"] == "connection.ended")
        assert (ended["cause"], str(code) in ended["reason"]) == ("closed", True)
        assert listener.reconnects("closed") == 1


async def test_platform_that_answers_no_ping_of_the_protocol_is_left_for_want_of_a_pong() -> None:
    health = Health()
    async with raw_platform() as platform:
        endpoint = Endpoint(platform.url, 7, "1", ClientConfig())
        connection = OpenConnection(endpoint, Metrics(health), health, lambda _: None)
        await ws_connect(
            lambda: connection,
            platform.url,
            enable_auto_ping=True,
            auto_ping_idle_timeout=0.2,
            auto_ping_reply_timeout=0.1,
        )

        with pytest.raises(ConnectionEnded) as ended:
            await connection.run()

    assert ended.value.cause == "no_pong"


async def test_connection_that_opens_after_it_was_given_up_is_closed() -> None:
    health = Health()
    async with raw_platform() as platform:
        endpoint = Endpoint(platform.url, 7, "1", ClientConfig())
        connection = OpenConnection(endpoint, Metrics(health), health, lambda _: None)
        platform.willing.clear()
        opening = asyncio.create_task(open_socket(platform.url, connection))
        await soon(lambda: knocked(platform))

        opening.cancel()
        platform.willing.set()

        socket = await platform.socket()
        await socket.gone()
        assert connection.opened


async def test_event_in_frames_of_websocket_is_heard_with_pings_in_between() -> None:
    async with raw_platform() as platform, listening(platform) as listener:
        socket, whole = await platform.socket(), event(b"in three parts")

        socket.say(ws(whole[:5], BINARY, fin=False))
        socket.say(ws(b"still there?", PING))
        socket.say(ws(whole[5:9], CONTINUATION, fin=False) + ws(whole[9:], CONTINUATION))

        assert await socket.next(PONG) == b"still there?"
        assert decode(await socket.next()).headers["message_id"] == "f1"
        assert [one.payload for one in listener.taken] == [b"in three parts"]


async def test_message_of_another_kind_is_counted_and_the_connection_lives() -> None:
    async with raw_platform() as platform, listening(platform) as listener:
        socket = await platform.socket()

        socket.say(ws(b"text", TEXT) + ws(b"of nothing", CONTINUATION))
        socket.say(ws(b"text in", TEXT, fin=False) + ws(b"parts", CONTINUATION))
        socket.say(ws(b"begun and", BINARY, fin=False) + ws(event()))

        assert decode(await socket.next()).headers["type"] in {"ping", "event"}
        await soon(lambda: taken(listener, 1))
        assert listener.rejected("not_binary") == 4
        assert listener.rejected("bug") == listener.reconnects("closed") == 0


async def test_told_to_leave_it_acks_what_is_in_flight_and_closes_then() -> None:
    async with raw_platform() as platform, listening(platform) as listener:
        socket = await platform.socket()
        listener.answers = lambda _: None
        socket.say(ws(event(frame_id="slow")))
        await soon(lambda: taken(listener, 1))

        listener.source.leave()
        await asyncio.sleep(0.5)  # longer than it waits for an event
        listener.taken[0].answer(STORED)

        said = [await socket.heard.get() for _ in range(3)]
        assert [each[0] for each in said if each] == [BINARY, BINARY, CLOSE]  # the first is a ping
        assert said[2] == (CLOSE, (1000).to_bytes(2))
        socket.abort()
        assert listener.running is not None
        await asyncio.wait_for(listener.running, PATIENCE)


async def test_told_to_leave_it_closes_right_after_an_ack() -> None:
    async with raw_platform() as platform, listening(platform) as listener:
        socket = await platform.socket()
        await socket.next()  # the ping
        listener.source.leave()

        socket.say(ws(event()))

        assert [(await socket.heard.get() or (0, b""))[0] for _ in range(2)] == [BINARY, CLOSE]


async def test_flood_does_not_keep_it_from_leaving() -> None:
    async with raw_platform() as platform, listening(platform) as listener:
        socket, loop = await platform.socket(), asyncio.get_running_loop()
        listener.answers = lambda one: (loop.call_later(0.1, one.answer, STORED), None)[1]
        flooding = asyncio.create_task(flood(socket.say))
        await soon(lambda: taken(listener, 50))

        listener.source.leave()

        assert await socket.next(CLOSE) == (1000).to_bytes(2)
        flooding.cancel()


async def test_bug_in_taking_an_event_neither_ends_it_nor_keeps_it_from_leaving() -> None:
    def fault(_: Delivery) -> None:
        raise ZeroDivisionError

    async with raw_platform() as platform, listening(platform) as listener:
        socket = await platform.socket()
        listener.answers = fault
        socket.say(ws(event()))
        await soon(lambda: taken(listener, 1))
        assert listener.rejected("bug") == 1

        listener.source.leave()

        assert await socket.next(CLOSE) == (1000).to_bytes(2)


async def test_told_to_leave_while_it_connects_it_is_gone_at_once() -> None:
    async with raw_platform() as platform:
        platform.willing.clear()
        async with listening(platform) as listener:
            await soon(lambda: knocked(platform))

            listener.source.leave()

            assert listener.running is not None
            await asyncio.wait_for(listener.running, PATIENCE)


async def flood(say: Callable[[bytes], None]) -> None:
    number = 0
    while True:
        say(ws(event(frame_id=f"f{(number := number + 1)}")))
        await asyncio.sleep(0.01)


async def knocked(platform: RawPlatform) -> bool:
    return platform.knocks > 0


async def at_least(listener: Listening, cause: str, count: int) -> bool:
    return listener.reconnects(cause) >= count


async def asked_at_least(calls: dict[str, int], count: int) -> bool:
    return calls["endpoint"] >= count


async def taken(listener: Listening, count: int) -> bool:
    return len(listener.taken) >= count


async def ready(listener: Listening) -> bool:
    return listener.health.ready("socket")
