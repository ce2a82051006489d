"""The benchmarks' sender counts what is acked right, and nothing else."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession

from benchmarks.events import Frame
from benchmarks.gateway import listening

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from benchmarks.gateway import Gateway

APP_ID = "cli_0123456789abcdef"


def acked(message: bytes, code: int = 200) -> list[bytes]:
    frame = Frame.FromString(message)
    frame.payload = b'{"code":%d}' % code
    frame.headers.add(key="biz_rt", value="0")
    return [frame.SerializeToString()]


@asynccontextmanager
async def gateway(
    answer: Callable[[bytes], list[bytes]], *, connections: int = 1
) -> AsyncIterator[Gateway]:
    """Run a gateway whose clients answer every frame as told."""

    async def listen(url: str, http: ClientSession) -> None:
        async with http.post(f"{url}/callback/ws/endpoint", json={"AppID": APP_ID}) as response:
            found: dict[str, Any] = (await response.json())["data"]
        async with http.ws_connect(found["URL"]) as socket:
            async for message in socket:
                for ack in answer(message.data):
                    await socket.send_bytes(ack)

    async with listening(APP_ID) as sender, ClientSession() as http:
        clients = [asyncio.create_task(listen(sender.url, http)) for _ in range(connections)]
        await sender.connected(connections)
        yield sender
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


async def test_every_event_is_of_its_own() -> None:
    seen: set[bytes] = set()

    def remember(message: bytes) -> list[bytes]:
        seen.add(Frame.FromString(message).payload)
        return acked(message)

    async with gateway(remember, connections=3) as sender:
        await sender.outstanding(500, window=50)

    assert len(seen) == 500


async def test_latencies_are_those_of_all_events() -> None:
    async with gateway(acked) as sender:
        one_by_one = await sender.one_at_a_time(20)
        steady, failed = await sender.steady(200, 0.5)

    assert len(one_by_one) == 20
    assert (len(steady), failed) == (100, 0)


async def test_event_that_is_refused_fails_the_run() -> None:
    async with gateway(lambda message: acked(message, 500)) as sender:
        with pytest.raises(RuntimeError, match="10 of 10"):
            await sender.burst(10)


async def test_event_acked_twice_fails_the_run() -> None:
    async with gateway(lambda message: acked(message) * 2) as sender:
        with pytest.raises(RuntimeError, match="not acked"):
            await sender.outstanding(10, window=2)


async def test_ack_of_what_was_never_sent_fails_the_run() -> None:
    def with_another(message: bytes) -> list[bytes]:
        frame = Frame.FromString(message)
        frame.headers[1].value = frame.headers[1].value.replace("0", "f", 1)
        return [*acked(frame.SerializeToString()), *acked(message)]

    async with gateway(with_another) as sender:
        with pytest.raises(RuntimeError, match="not acked"):
            await sender.outstanding(10, window=2)


async def test_lost_connection_fails_the_run() -> None:
    def leave(_: bytes) -> list[bytes]:
        raise ConnectionError

    async with gateway(leave) as sender:
        with pytest.raises(RuntimeError, match="5 of 5"):
            await sender.burst(5)


async def test_steady_counts_what_is_never_acked() -> None:
    silent = iter([False] * 9 + [True])

    async with gateway(lambda message: [] if next(silent) else acked(message)) as sender:
        acks, failed = await sender.steady(100, 0.1)

    assert (len(acks), failed) == (9, 1)


async def test_ping_of_the_application_is_answered_with_a_whole_config() -> None:
    ping = Frame(SeqID=0, LogID=0, service=1, method=0)
    ping.headers.add(key="type", value="ping")
    heard: list[bytes] = []

    def ping_first(message: bytes) -> list[bytes]:
        frame = Frame.FromString(message)
        if frame.method == 0:
            heard.append(frame.payload)
            return []
        return [ping.SerializeToString(), *acked(message)]

    async with gateway(ping_first) as sender:
        await sender.outstanding(3, window=1)

    assert {*json.loads(heard[0])} == {
        "ReconnectCount",
        "ReconnectInterval",
        "ReconnectNonce",
        "PingInterval",
    }
