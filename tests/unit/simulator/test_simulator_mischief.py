from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson
import pytest

from simulator.gateway.frames import Frame, Method, encode
from tests.eventually import PATIENCE, soon

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.unit.simulator.conftest import FakeClock, Platform, Socket, Start

PING = encode(Frame(method=Method.CONTROL, headers={"type": "ping"}))


async def order(platform: Platform, kind: str, **asked: Any) -> None:
    answer = await platform.post("/_sim/faults", {"kind": kind, **asked})
    assert "fault_id" in answer, answer


async def connections(platform: Platform) -> int:
    found: int = (await platform.get("/_sim/health"))["connections"]
    return found


async def none_stands(platform: Platform) -> bool:
    return not await platform.get("/_sim/faults")


async def hears_nothing(socket: Socket) -> bool:
    """Tell whether a ping on a socket stays without an answer; 0.3 s are many times enough."""
    await socket.ws.send_bytes(PING)
    try:
        await socket.ws.receive_bytes(timeout=0.3)
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("code", [1, 403, 1000040343, 1000040345, 1000040346, 1000040350])
async def test_discovery_answers_any_code_on_command(platform: Platform, code: int) -> None:
    await order(platform, "discovery", code=code)

    first, second = await platform.discover(), await platform.discover()

    assert (first["code"], second["code"]) == (code, 0)
    assert first["msg"]


async def test_discovery_fails_with_a_status_on_command(platform: Platform) -> None:
    await order(platform, "discovery", status=502)
    asked = {"AppID": platform.options.app_id, "AppSecret": platform.options.app_secret}

    async with platform.http.post(f"{platform.url}/callback/ws/endpoint", json=asked) as response:
        assert response.status == 502


async def test_discovery_hangs_on_command(platform: Platform) -> None:
    await order(platform, "discovery", hang=True)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await platform.discover()


async def test_handshake_fails_with_its_headers_on_command(platform: Platform) -> None:
    await order(platform, "handshake", status=403, autherr=7, msg="forbidden")

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await platform.connect()

    assert refused.value.headers is not None
    told = {name: refused.value.headers[f"Handshake-{name}"] for name in ("Status", "Msg")}
    assert told == {"Status": "403", "Msg": "forbidden"}
    assert refused.value.headers["Handshake-Autherrcode"] == "7"


async def test_unheard_ack_brings_the_event_again(start: Start, clock: FakeClock) -> None:
    platform = await start(clock, ack_deadline=3)
    socket = await platform.connect()
    await order(platform, "drop_ack")

    said = await platform.say()
    await socket.ack(await socket.receive())
    await soon(lambda: none_stands(platform))
    clock.advance(3 + 15)
    await socket.ack(await socket.receive())

    await platform.eventually(said["event_id"], "ack_code", 200)
    errors = [each["error"] for each in await platform.deliveries(said["event_id"])]
    assert errors == ["no ack in time", None]


async def test_ack_heard_too_late_is_late(start: Start) -> None:
    platform = await start(ack_deadline=0.2, time_scale=1)
    socket = await platform.connect()
    await order(platform, "delay_ack", seconds=0.4)

    said = await platform.say()
    await socket.ack(await socket.receive())

    await platform.eventually(said["event_id"], "error", "no ack in time")

    async def late() -> bool:
        return bool((await platform.get("/_sim/stats"))["late"] == 1)

    await soon(late)


async def test_unaimed_kill_drops_a_socket_at_once(platform: Platform) -> None:
    socket = await platform.connect()

    await order(platform, "kill_socket")
    await socket.ws.receive(timeout=PATIENCE)

    assert socket.ws.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE


async def test_aimed_kill_waits_for_its_event(start: Start) -> None:
    platform = await start(time_scale=1000)
    socket = await platform.connect()
    await order(platform, "kill_socket", where={"event_type": "application.bot.menu_v6"})

    await platform.say()
    survived = await socket.receive()
    fired = await platform.post("/_sim/events/application.bot.menu_v6", {})
    await socket.ws.receive(timeout=PATIENCE)

    assert survived.headers["type"] == "event"
    assert socket.ws.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
    first = (await platform.deliveries(fired["event_id"]))[0]
    assert first["error"] == "the connection closed"


async def test_socket_closes_with_a_code_on_command(platform: Platform) -> None:
    socket = await platform.connect()

    await order(platform, "close", code=1012)
    last = await socket.ws.receive(timeout=PATIENCE)

    assert (last.type, last.data) == (aiohttp.WSMsgType.CLOSE, 1012)


async def test_frozen_socket_answers_nothing_and_stays(start: Start) -> None:
    platform = await start(ack_deadline=0.3)
    socket = await platform.connect()

    await order(platform, "freeze_socket", held=60)
    deaf = await hears_nothing(socket)
    said = await platform.say()

    assert deaf
    assert await connections(platform) == 1
    await platform.eventually(said["event_id"], "error", "no ack in time")


async def test_frozen_socket_is_dropped_in_the_end(platform: Platform) -> None:
    socket = await platform.connect()

    await order(platform, "freeze_socket", held=0.2)
    await socket.ws.receive(timeout=PATIENCE)

    assert socket.ws.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE


async def test_silent_platform_answers_pings_and_pushes_nothing(start: Start) -> None:
    platform = await start(ack_deadline=0.3)
    socket = await platform.connect()
    await order(platform, "silence", seconds=60)

    said = await platform.say()
    await socket.ws.send_bytes(PING)
    answer = await socket.receive()

    assert answer.headers["type"] == "pong"
    await platform.eventually(said["event_id"], "error", "no ack in time")


async def test_pings_go_unanswered_on_command(platform: Platform) -> None:
    socket = await platform.connect()
    await order(platform, "no_pong")

    assert await hears_nothing(socket)
    await socket.ws.send_bytes(PING)
    assert (await socket.receive()).headers["type"] == "pong"


async def test_protocol_pings_go_unanswered_on_command(platform: Platform) -> None:
    url = (await platform.discover())["data"]["URL"]
    await order(platform, "no_pong", protocol=True)
    async with platform.http.ws_connect(url, autoping=False) as ws:
        await ws.ping(b"first")
        await ws.ping(b"second")
        answer = await ws.receive(timeout=PATIENCE)

    assert answer.data == b"second"


async def test_config_lacks_a_key_on_command(platform: Platform) -> None:
    socket = await platform.connect()
    await order(platform, "partial_config", lacks="PingInterval+ReconnectNonce")

    await socket.ws.send_bytes(PING)
    config = orjson.loads((await socket.receive()).payload)

    assert set(config) == {"ReconnectCount", "ReconnectInterval"}


async def test_discovery_and_pong_tell_any_config_on_command(platform: Platform) -> None:
    await order(platform, "odd_config", config='{"PingInterval":null}', count=2)

    found = await platform.discover()
    socket = await platform.connect(found["data"]["URL"])
    await socket.ws.send_bytes(PING)
    pong = await socket.receive()

    assert found["data"]["ClientConfig"] == {"PingInterval": None}
    assert pong.payload == b'{"PingInterval":null}'


async def test_config_is_pushed_to_whoever_is_connected(platform: Platform) -> None:
    sockets = [await platform.connect() for _ in range(2)]

    changed = await platform.post("/_sim/config", {"PingInterval": 7})
    pongs = [await socket.receive() for socket in sockets]

    assert changed["told"] == 2
    for pong in pongs:
        assert (pong.method, pong.headers) == (Method.CONTROL, {"type": "pong"})
        assert orjson.loads(pong.payload)["PingInterval"] == 7
    discovered = (await platform.discover())["data"]["ClientConfig"]
    assert discovered["PingInterval"] == 7


@pytest.mark.parametrize("asked", [{"PingInterval": 0}, {"PingInterval": "1"}, {"Nonsense": 1}])
async def test_impossible_config_is_refused(platform: Platform, asked: Any) -> None:
    async with platform.http.post(f"{platform.url}/_sim/config", json=asked) as response:
        assert response.status == 400


async def test_acked_event_comes_once_more_on_command(platform: Platform) -> None:
    socket = await platform.connect()
    await order(platform, "duplicate")

    await platform.say()
    first = await socket.receive()
    await socket.ack(first)
    second = await socket.receive()

    assert first.payload == second.payload
    assert first.headers["message_id"] != second.headers["message_id"]


async def test_acked_message_comes_under_a_new_event_id_on_command(platform: Platform) -> None:
    socket = await platform.connect()
    await order(platform, "new_event_id")

    said = await platform.say()
    first = await socket.receive()
    await socket.ack(first)
    event, again = orjson.loads(first.payload), orjson.loads((await socket.receive()).payload)

    assert again["header"]["event_id"] != event["header"]["event_id"]
    assert again["event"] == event["event"]
    assert again["event"]["message"]["message_id"] == said["message_id"]


async def test_event_is_overtaken_by_the_next_on_command(platform: Platform) -> None:
    socket = await platform.connect()
    await order(platform, "reorder", seconds=60)

    said = [await platform.say() for _ in range(2)]
    came = [orjson.loads((await socket.receive()).payload) for _ in range(2)]

    assert [each["header"]["event_id"] for each in came] == [
        said[1]["event_id"],
        said[0]["event_id"],
    ]


async def test_held_event_comes_alone_in_the_end(platform: Platform) -> None:
    socket = await platform.connect()
    await order(platform, "reorder", seconds=0.1)

    said = await platform.say()

    came = orjson.loads((await socket.receive()).payload)
    assert came["header"]["event_id"] == said["event_id"]


async def test_event_is_split_on_command(platform: Platform) -> None:
    socket = await platform.connect()
    await order(platform, "split", parts=3, reversed=True)

    await platform.say()
    frames = [await socket.receive() for _ in range(3)]

    assert [each.headers["seq"] for each in frames] == ["2", "1", "0"]


async def test_long_events_are_split_over_a_size(start: Start) -> None:
    platform = await start(split_over=500)
    socket = await platform.connect()

    await platform.say("x" * 1000)
    first = await socket.receive()
    rest = [await socket.receive() for _ in range(int(first.headers["sum"]) - 1)]

    parts = [first, *rest]
    assert len(parts) > 2
    assert max(len(each.payload) for each in parts) <= 500
    assert orjson.loads(b"".join(each.payload for each in parts))["schema"] == "2.0"


async def test_clock_of_the_platform_is_skewed_on_command(platform: Platform) -> None:
    socket = await platform.connect()
    await platform.say()
    before = orjson.loads((await socket.receive()).payload)
    await order(platform, "clock_skew", seconds=86400)

    await platform.say()
    after = orjson.loads((await socket.receive()).payload)

    for path in (("header",), ("event", "message")):
        told = [int(_at(each, path)["create_time"]) for each in (before, after)]
        assert 86_400_000 <= told[1] - told[0] < 86_460_000


async def test_fault_flag_stands_from_the_start(start: Start) -> None:
    platform = await start(faults=("discovery:code=1000040343",))

    assert (await platform.discover())["code"] == 1000040343


def _at(body: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        body = body[key]
    return body


async def test_wire_is_seen_in_the_feed(platform: Platform) -> None:
    socket = await platform.connect()
    async with platform.http.get(f"{platform.url}/_sim/feed") as feed:
        said = await platform.say()
        await socket.ack(await socket.receive())
        seen = [each async for each in _frames(feed, 2)]

    assert [(each["direction"], each["type"]) for each in seen] == [("out", "event"), ("in", "ack")]
    assert {each["event_id"] for each in seen} == {said["event_id"]}
    assert (seen[1]["ack_code"], seen[1]["error"]) == (200, None)
    assert seen[1]["ms"] > 0


async def _frames(feed: aiohttp.ClientResponse, count: int) -> AsyncIterator[Any]:
    """Yield so many of the feed's frames."""
    is_frame = False
    while count:
        line = await asyncio.wait_for(feed.content.readline(), PATIENCE)
        if is_frame and line.startswith(b"data: "):
            count -= 1
            yield orjson.loads(line.removeprefix(b"data: "))
        is_frame = line == b"event: frame\n"
