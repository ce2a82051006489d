from __future__ import annotations

import asyncio
import json
import re
import time
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Platform


async def message_of(platform: Platform, **asked: Any) -> Any:
    """Say something, and return the message as the app receives it."""
    socket = await platform.connect()
    await platform.say(**asked)
    return orjson.loads((await socket.receive()).payload)["event"]["message"]


async def reply(platform: Platform, message_id: str, words: str) -> Any:
    body = {"msg_type": "text", "content": orjson.dumps({"text": words}).decode()}
    url = f"{platform.url}/open-apis/im/v1/messages/{message_id}/reply"
    async with platform.http.post(url, json=body, headers=await platform.authorize()) as response:
        return await response.json()


async def test_bot_is_mentioned_in_a_group(platform: Platform) -> None:
    bot = (await platform.get("/_sim/world"))["bot"]

    message = await message_of(platform, chat="team", text="@bot hi, mail@bot.com")

    assert message["chat_type"] == "group"
    assert orjson.loads(message["content"]) == {"text": "@_user_1 hi, mail@bot.com"}
    assert [each["id"]["open_id"] for each in message["mentions"]] == [bot["open_id"]]
    assert message["mentions"][0]["mentioned_type"] == "bot"
    assert message["mentions"][0]["name"] == "Larkspur"


async def test_everybody_and_people_are_mentioned_in_a_group(platform: Platform) -> None:
    message = await message_of(platform, chat="team", text="@all see @bob and @Larkspur")

    assert orjson.loads(message["content"]) == {"text": "@_all see @_user_1 and @_user_2"}
    assert [each["mentioned_type"] for each in message["mentions"]] == ["user", "bot"]


@pytest.mark.parametrize(
    "words",
    ["@bot hi", "", '"\\ \n\t\x00', "你好 🌸", "<b>&amp;</b>", "half \ud83d pair", "x" * 200_000],
)
async def test_p2p_text_is_passed_as_it_is(platform: Platform, words: str) -> None:
    message = await message_of(platform, chat="p2p", text=words)

    assert message["chat_type"] == "p2p"
    assert json.loads(message["content"]) == {"text": words}
    assert "mentions" not in message


async def test_thread_goes_on_where_it_was_started(platform: Platform) -> None:
    started = await message_of(platform, chat="team", thread="new")

    message = await message_of(platform, chat="team", thread=started["thread_id"])

    assert message["thread_id"] == started["thread_id"]
    assert message["root_id"] == message["parent_id"] == started["message_id"]


async def test_reply_of_a_user_names_what_it_answers(platform: Platform) -> None:
    first = await platform.say("one")

    message = await message_of(platform, text="two", reply_to=first["message_id"])

    assert message["root_id"] == message["parent_id"] == first["message_id"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"user": "nobody"}, 404),
        ({"chat": "nowhere"}, 404),
        ({"thread": "omt_none"}, 404),
        ({"reply_to": "om_none"}, 404),
        ({"text": None}, 400),
        ({"text": 5}, 400),
    ],
)
async def test_impossible_messages_are_refused(
    platform: Platform, asked: dict[str, Any], status: int
) -> None:
    body = {"user": "alice", "text": "x", **asked}

    async with platform.http.post(f"{platform.url}/_sim/messages", json=body) as response:
        refusal = await response.json()

    assert response.status == status
    assert refusal["error"]


async def test_nobody_writes_in_a_chat_of_others(platform: Platform) -> None:
    bobs = next(c for c in (await platform.get("/_sim/world"))["chats"] if c["name"] == "bob")

    refusal = await platform.say(chat=bobs["chat_id"])

    assert refusal == {"error": "alice is not in that chat"}


async def test_waiting_for_an_answer_ends_when_it_comes(platform: Platform) -> None:
    socket = await platform.connect()
    begun = time.time()
    said = await platform.say()
    await socket.ack(await socket.receive())
    waiting = asyncio.create_task(platform.get(f"/_sim/answers/{said['message_id']}"))

    sent = await reply(platform, said["message_id"], "hi there")
    answered = await waiting
    took = time.time() - begun

    assert answered["event_id"] == said["event_id"]
    assert answered["answers"][0]["message_id"] == sent["data"]["message_id"]
    assert answered["answers"][0]["text"] == "hi there"
    assert answered["answers"][0]["revisions"] == 1
    latency = answered["latency"]
    assert 0 < latency["frame_to_ack"] <= latency["frame_to_final"] <= took
    assert latency["frame_to_first_revision"] == latency["frame_to_final"]


async def test_waiting_in_vain_ends_with_a_408(platform: Platform) -> None:
    said = await platform.say()
    url = f"{platform.url}/_sim/answers/{said['message_id']}"

    async with platform.http.get(url, params={"timeout": "0.05"}) as response:
        refusal = await response.json()

    assert (response.status, refusal["error"]) == (408, "no answer")


async def test_answer_to_an_unknown_message_is_a_404(platform: Platform) -> None:
    async with platform.http.get(f"{platform.url}/_sim/answers/om_none") as response:
        assert response.status == 404


async def test_listed_text_is_fit_for_a_page(platform: Platform) -> None:
    await platform.say("half \ud83d pair", chat="team")

    listed = await platform.get("/_sim/messages", chat="team")

    assert listed[0]["text"] == "half \ufffd pair"


async def test_chat_is_listed_newest_last(platform: Platform) -> None:
    said = await platform.say("one")
    await reply(platform, said["message_id"], "two")
    await platform.say("elsewhere", chat="team")

    listed = await platform.get("/_sim/messages", chat=said["chat_id"], limit=10)

    assert [each["text"] for each in listed] == ["one", "two"]
    assert [each["sender"]["kind"] for each in listed] == ["user", "app"]


@pytest.mark.parametrize("anew", [True, False])
async def test_message_is_redelivered_on_request(platform: Platform, anew: bool) -> None:
    socket = await platform.connect()
    said = await platform.say()
    first = orjson.loads((await socket.receive()).payload)

    again = await platform.post(
        "/_sim/redeliver", {"message_id": said["message_id"], "new_event_id": anew}
    )
    second = orjson.loads((await socket.receive()).payload)

    assert second["event"] == first["event"]
    assert second["header"]["event_id"] == again["event_id"]
    assert (again["event_id"] != said["event_id"]) == anew


async def test_given_event_is_pushed_as_it_is(platform: Platform) -> None:
    socket = await platform.connect()
    given = b'{ "uuid": "u1",  "event": {"type": "app_open"}, "type": "event_callback" }'

    async with platform.http.post(f"{platform.url}/_sim/events", data=given) as response:
        pushed = await response.json()

    assert (await socket.receive()).payload == given
    assert pushed == {"event_id": "u1"}


async def test_missing_identity_of_a_given_event_is_filled_in(platform: Platform) -> None:
    socket = await platform.connect()

    v2 = await platform.post("/_sim/events", {"schema": "2.0", "header": {}, "event": {}})
    received_v2 = orjson.loads((await socket.receive()).payload)
    v1 = await platform.post("/_sim/events", {"type": "event_callback", "event": {"type": "x"}})
    received_v1 = orjson.loads((await socket.receive()).payload)

    assert received_v2["header"]["event_id"] == v2["event_id"]
    assert received_v1["uuid"] == v1["event_id"]


@pytest.mark.parametrize("given", [b"", b"\xff\x00", b"[1]", b'{"no":"header"}', b'{"header":1}'])
@pytest.mark.parametrize("raw", ["0", "1"])
async def test_any_bytes_are_pushed_and_acked(platform: Platform, given: bytes, raw: str) -> None:
    socket = await platform.connect()
    url = f"{platform.url}/_sim/events"

    async with platform.http.post(url, data=given, params={"raw": raw}) as response:
        pushed = await response.json()
    frame = await socket.receive()
    await socket.ack(frame)

    assert frame.payload == given
    assert len(await platform.deliveries(pushed["event_id"])) == 1


async def test_bytes_are_sent_as_one_websocket_message(platform: Platform) -> None:
    socket = await platform.connect()

    async with platform.http.post(f"{platform.url}/_sim/frames", data=b"\xff\x00"):
        binary = await socket.ws.receive_bytes(timeout=PATIENCE)
    async with platform.http.post(f"{platform.url}/_sim/frames?text=1", data=b"hm"):
        words = await socket.ws.receive_str(timeout=PATIENCE)

    assert (binary, words) == (b"\xff\x00", "hm")


async def test_feed_shows_messages_as_they_appear(platform: Platform) -> None:
    async with platform.http.get(f"{platform.url}/_sim/feed") as feed:
        await feed.content.readuntil(b"\n\n")
        said = await platform.say("live")
        event = await feed.content.readuntil(b"\n\n")

    assert event.startswith(b"event: message\ndata: ")
    assert orjson.loads(event.partition(b"data: ")[2])["message_id"] == said["message_id"]


async def test_page_allows_no_script_but_its_own(platform: Platform) -> None:
    async with platform.http.get(platform.url) as response:
        page = await response.text()

    assert "<html" in page
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    fetched = [address for address in addresses if not address.startswith("data:")]
    assert fetched
    assert not [address for address in fetched if ":" in address or "//" in address]
