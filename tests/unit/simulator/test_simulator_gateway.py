from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import orjson
import pytest

from simulator.gateway.frames import Frame, Method, encode
from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import FakeClock, Platform, Start


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"AppID": "cli_a1b2c3d4e5f60718", "AppSecret": "simulated-secret"}, 200, 0),
        ({"AppID": "cli_a1b2c3d4e5f60718", "AppSecret": "wrong"}, 200, 1000040345),
        ({"AppID": "cli_0000000000000000", "AppSecret": "wrong"}, 200, 1000040346),
        ({"appid": "cli_a1b2c3d4e5f60718", "appsecret": "simulated-secret"}, 400, 9499),
        ([], 400, 9499),
    ],
)
async def test_discovery_answers_with_its_code(
    platform: Platform, asked: Any, status: int, code: int
) -> None:
    url = platform.url + "/callback/ws/endpoint"

    async with platform.http.post(url, json=asked) as response:
        body = await response.json()

    assert (response.status, body["code"]) == (status, code)
    assert len(response.headers["X-Tt-Logid"]) == 34


async def test_connection_url_has_what_clients_read(platform: Platform) -> None:
    found = (await platform.discover())["data"]

    query = parse_qs(urlsplit(found["URL"]).query)
    assert found["URL"].startswith("ws://127.0.0.1:")
    assert {"fpid", "aid", "device_id", "access_key", "service_id", "ticket"} == set(query)
    assert {"ReconnectCount", "ReconnectInterval", "ReconnectNonce", "PingInterval"} == set(
        found["ClientConfig"]
    )


async def test_ticket_opens_one_connection(platform: Platform) -> None:
    url = (await platform.discover())["data"]["URL"]
    await platform.connect(url)

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await platform.connect(url)

    assert refused.value.status == 400
    assert refused.value.headers is not None
    assert refused.value.headers["Handshake-Status"] == "514"
    assert refused.value.headers["Handshake-Autherrcode"] != "1000040350"


async def test_51st_connection_is_refused(platform: Platform) -> None:
    spare = (await platform.discover())["data"]["URL"]
    sockets = [await platform.connect() for _ in range(50)]

    refused_discovery = await platform.discover()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await platform.connect(spare)

    assert refused_discovery["code"] == 1000040350
    assert refused.value.headers is not None
    assert refused.value.headers["Handshake-Status"] == "514"
    assert refused.value.headers["Handshake-Autherrcode"] == "1000040350"
    assert len(sockets) == (await platform.get("/_sim/health"))["connections"]


async def test_ping_is_answered_with_the_whole_config(start: Start) -> None:
    platform = await start(ping_interval=90, reconnect_interval=25, reconnect_nonce=5)
    socket = await platform.connect()
    ping = Frame(service=33554678, method=Method.CONTROL, headers={"type": "ping"})

    await socket.ws.send_bytes(encode(ping))
    pong = await socket.receive()

    assert (pong.method, pong.headers, pong.service) == (0, {"type": "pong"}, 33554678)
    assert orjson.loads(pong.payload) == {
        "ReconnectCount": -1,
        "ReconnectInterval": 25,
        "ReconnectNonce": 5,
        "PingInterval": 90,
    }


async def test_message_arrives_in_one_data_frame(platform: Platform) -> None:
    socket = await platform.connect()

    said = await platform.say("hello")
    frame = await socket.receive()

    assert frame.method == Method.DATA
    assert frame.headers.keys() == {
        "type",
        "message_id",
        "sum",
        "seq",
        "trace_id",
        "timestamp",
        "instance_id",
    }
    assert (frame.headers["type"], frame.headers["sum"], frame.headers["seq"]) == (
        "event",
        "1",
        "0",
    )
    event = orjson.loads(frame.payload)
    assert event["header"]["event_id"] == said["event_id"]
    assert event["header"]["token"] == ""
    assert event["event"]["message"]["content"] == '{"text":"hello"}'


async def test_unacked_event_comes_again_with_the_same_event_id(
    start: Start, clock: FakeClock
) -> None:
    platform = await start(clock, ack_deadline=3)
    socket = await platform.connect()
    said = await platform.say()

    first = await socket.receive()
    clock.advance(3 + 15)
    second = await socket.receive()
    await socket.ack(second)

    assert first.payload == second.payload
    assert first.headers["message_id"] != second.headers["message_id"]
    await platform.eventually(said["event_id"], "ack_code", 200)
    outcomes = [each["error"] for each in await platform.deliveries(said["event_id"])]
    assert outcomes == ["no ack in time", None]


async def test_ack_counts_on_any_connection_of_the_app(platform: Platform) -> None:
    one, other = await platform.connect(), await platform.connect()
    said = await platform.say()
    receiving = [asyncio.create_task(each.receive()) for each in (one, other)]
    done, waiting = await asyncio.wait(receiving, return_when=asyncio.FIRST_COMPLETED)
    silent = other if receiving[0] in done else one
    for task in waiting:
        task.cancel()

    await silent.ack(done.pop().result())

    await platform.eventually(said["event_id"], "ack_code", 200)


async def test_event_in_flight_on_a_closing_socket_fails_at_once(platform: Platform) -> None:
    socket = await platform.connect()
    said = await platform.say()
    await socket.receive()

    await socket.ws.close()

    await platform.eventually(said["event_id"], "error", "the connection closed")


async def test_events_are_spread_over_all_connections(platform: Platform) -> None:
    sockets = [await platform.connect() for _ in range(4)]

    for _ in range(100):
        await platform.say()

    shares = Counter(
        each["connection"] for each in await platform.get("/_sim/deliveries", limit=100)
    )
    assert len(shares) == len(sockets)
    assert min(shares.values()) > 5


async def test_split_event_is_whole_when_put_together(platform: Platform) -> None:
    socket = await platform.connect()
    asked = {"user": "alice", "chat": "p2p", "text": "世界" * 50, "parts": 3, "order": "reversed"}

    said = await platform.post("/_sim/split", asked)
    frames = [await socket.receive() for _ in range(3)]

    assert [frame.headers["seq"] for frame in frames] == ["2", "1", "0"]
    assert {frame.headers["sum"] for frame in frames} == {"3"}
    assert len({frame.headers["message_id"] for frame in frames}) == 1
    whole = orjson.loads(b"".join(frame.payload for frame in reversed(frames)))
    assert whole["header"]["event_id"] == said["event_id"]


async def test_noise_from_a_client_changes_nothing(platform: Platform) -> None:
    socket = await platform.connect()

    for noise in (
        b"",
        b"\xff" * 100,
        b'{"json":1}',
        encode(Frame(method=9)),
        encode(Frame(method=1)),
    ):
        await socket.ws.send_bytes(noise)
    await socket.ws.send_str("text")
    said = await platform.say()
    await socket.ack(await socket.receive())

    await platform.eventually(said["event_id"], "ack_code", 200)


async def test_websocket_pings_are_answered(platform: Platform) -> None:
    url = (await platform.discover())["data"]["URL"]
    async with platform.http.ws_connect(url, autoping=False) as ws:
        await ws.ping(b"alive?")
        answer = await ws.receive(timeout=PATIENCE)

    assert (answer.type, answer.data) == (aiohttp.WSMsgType.PONG, b"alive?")


async def test_sockets_close_on_request(platform: Platform) -> None:
    socket = await platform.connect()

    closed = await platform.post("/_sim/close", code=1001)
    last = await socket.ws.receive(timeout=PATIENCE)

    assert closed == {"closed": 1}
    assert (last.type, last.data) == (aiohttp.WSMsgType.CLOSE, 1001)


async def test_client_that_reads_nothing_is_dropped_all_the_same(platform: Platform) -> None:
    url = (await platform.discover())["data"]["URL"]
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    writer.write(
        f"GET {urlsplit(url).path}?{urlsplit(url).query} HTTP/1.1\r\nHost: simulator\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
    )
    assert b"101" in await reader.readline()
    async with platform.http.post(
        f"{platform.url}/_sim/frames", data=BytesIO(bytes(20_000_000))
    ) as sent:
        assert sent.status == 200

    async with asyncio.timeout(PATIENCE):
        closed = await platform.post("/_sim/close")

    assert closed == {"closed": 1}
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def test_sockets_drop_without_a_goodbye_on_request(platform: Platform) -> None:
    socket = await platform.connect()

    await platform.post("/_sim/close", abort=1)
    await socket.ws.receive(timeout=PATIENCE)

    assert socket.ws.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
