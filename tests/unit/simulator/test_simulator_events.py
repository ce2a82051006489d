from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from simulator.events.catalogue import CATALOGUE
from simulator.events.event import CALLBACKS

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Bot, Platform, Socket

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1"
USER_IDS = {"open_id", "union_id", "user_id"}


async def pushed(socket: Socket) -> Any:
    frame = await socket.receive()
    await socket.ack(frame)
    return orjson.loads(frame.payload)


async def sent(platform: Platform, socket: Socket, **asked: Any) -> tuple[Any, Any]:
    """Send as Alice, and return the event's message and its content."""
    said = await platform.post("/_sim/messages", {"user": "alice", **asked})
    assert "message_id" in said, said
    message = (await pushed(socket))["event"]["message"]
    return message, orjson.loads(message["content"])


async def stored(platform: Platform, body: bytes, name: str) -> str:
    async with platform.http.post(
        f"{platform.url}/_sim/files", data=body, params={"name": name}
    ) as response:
        answer = await response.json()
    key: str = answer.get("image_key") or answer["file_key"]
    return key


async def test_image_has_its_key(platform: Platform) -> None:
    socket = await platform.connect()
    key = await stored(platform, PNG, "a.png")

    message, content = await sent(platform, socket, type="image", image_key=key)

    assert (message["message_type"], content) == ("image", {"image_key": key})


@pytest.mark.parametrize(
    ("msg_type", "more"),
    [
        ("file", {"file_name": "a.txt"}),
        ("audio", {"duration": 1000}),
        ("media", {"file_name": "a.txt", "duration": 1000}),
    ],
)
async def test_file_has_its_key_and_what_belongs_to_it(
    platform: Platform, msg_type: str, more: Any
) -> None:
    socket = await platform.connect()
    key = await stored(platform, b"plain words", "a.txt")

    message, content = await sent(platform, socket, type=msg_type, file_key=key)

    assert (message["message_type"], content) == (msg_type, {"file_key": key, **more})


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({"type": "sticker"}, {"file_key"}),
        ({"type": "location"}, {"name", "longitude", "latitude"}),
        ({"type": "share_chat", "shared_chat": "team"}, {"chat_id"}),
        ({"type": "share_user", "shared_user": "bob"}, {"user_id"}),
        ({"type": "todo", "content": {"task_id": "t"}}, {"task_id"}),
    ],
)
async def test_message_of_each_type_has_its_content(
    platform: Platform, asked: Any, keys: set[str]
) -> None:
    socket = await platform.connect()

    message, content = await sent(platform, socket, **asked)

    assert message["message_type"] == asked["type"]
    assert set(content) == keys


async def test_image_and_text_are_one_post(platform: Platform) -> None:
    socket = await platform.connect()
    key = await stored(platform, PNG, "a.png")

    message, content = await sent(
        platform, socket, type="post", chat="team", text="@bot what is it?", image_key=key
    )

    assert [mention["mentioned_type"] for mention in message["mentions"]] == ["bot"]
    assert content == {
        "title": "",
        "content": [
            [{"tag": "img", "image_key": key}],
            [
                {"tag": "at", "user_id": "@_user_1", "user_name": "", "style": []},
                {"tag": "text", "text": " what is it?", "style": []},
            ],
        ],
    }


async def test_post_mentions_by_its_at_elements(platform: Platform) -> None:
    socket = await platform.connect()
    lines = [[{"tag": "at", "user_id": "bob"}, {"tag": "hr"}], [{"tag": "at", "user_id": "all"}]]

    message, content = await sent(platform, socket, type="post", chat="team", content=lines)

    assert [mention["name"] for mention in message["mentions"]] == ["bob"]
    assert [line[0]["user_id"] for line in content["content"]] == ["@_user_1", "@_all"]


async def test_merged_messages_are_found_by_the_bot(platform: Platform, bot: Bot) -> None:
    socket = await platform.connect()
    said = [(await sent(platform, socket, text=text))[0]["message_id"] for text in ("one", "two")]

    message, content = await sent(platform, socket, type="merge_forward", message_ids=said)
    got = await bot.call("GET", f"/open-apis/im/v1/messages/{message['message_id']}")

    assert content == {"content": "Merged and Forwarded Message"}
    parts = [each for each in got["data"]["items"] if "upper_message_id" in each]
    texts = [orjson.loads(each["body"]["content"])["text"] for each in parts]
    assert sorted(texts) == ["one", "two"]


async def test_message_of_the_first_generation_has_its_tags(platform: Platform) -> None:
    socket = await platform.connect()

    await platform.say("@bot hi @bob", chat="team", v1=True)
    event = (await pushed(socket))["event"]

    assert (event["type"], event["chat_type"], event["is_mention"]) == ("message", "group", True)
    assert event["text"].startswith('<at open_id="ou_')
    assert event["text_without_at_bot"].startswith(" hi <at open_id=")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"type": "image"}, 400),
        ({"type": "image", "image_key": "img_none"}, 404),
        ({"type": "hologram"}, 400),
        ({"type": 7}, 400),
        ({"type": "post", "content": "words"}, 400),
        ({"type": "post", "content": [["words"]]}, 400),
        ({"type": "merge_forward"}, 400),
        ({"type": "merge_forward", "message_ids": ["om_none"]}, 404),
        ({"type": "share_user", "shared_user": "nobody"}, 404),
        ({"type": "audio", "file_key": "file_none", "duration": -1}, 404),
    ],
)
async def test_impossible_message_is_refused(platform: Platform, asked: Any, status: int) -> None:
    body = {"user": "alice", **asked}

    async with platform.http.post(f"{platform.url}/_sim/messages", json=body) as response:
        assert response.status == status
        assert "error" in await response.json()


async def test_every_kind_is_told(platform: Platform) -> None:
    told = await platform.get("/_sim/events")

    assert {each["kind"] for each in told} == {*CATALOGUE, "im.message.receive_v1", "message"}


@pytest.mark.parametrize("kind", sorted(set(CATALOGUE) - CALLBACKS))
async def test_every_kind_can_be_fired_with_its_defaults(
    platform: Platform, bot: Bot, kind: str
) -> None:
    socket = await platform.connect()
    await platform.say()
    await pushed(socket)
    await bot.send()

    fired = await platform.post(f"/_sim/events/{kind}")
    event = await pushed(socket)

    told = event["header"]["event_id"] if "header" in event else event["uuid"]
    assert told == fired["event_id"]


async def test_reacting_is_seen_and_told(platform: Platform) -> None:
    socket = await platform.connect()
    said = await platform.say()
    await pushed(socket)
    asked = {"user": "bob", "message_id": said["message_id"], "emoji": "OK"}

    await platform.post("/_sim/react", asked)
    event = (await pushed(socket))["event"]
    seen = (await platform.get("/_sim/messages"))[-1]["reactions"]
    await platform.post("/_sim/react", {**asked, "remove": True})
    taken_back = await pushed(socket)

    assert event["message_id"] == said["message_id"]
    assert event["reaction_type"] == {"emoji_type": "OK"}
    assert set(event["user_id"]) == USER_IDS
    assert seen == [{"emoji": "OK", "by": ["bob"]}]
    assert taken_back["header"]["event_type"] == "im.message.reaction.deleted_v1"
    assert (await platform.get("/_sim/messages"))[-1]["reactions"] == []


async def test_recalling_is_seen_and_told(platform: Platform) -> None:
    socket = await platform.connect()
    said = await platform.say()
    await pushed(socket)

    await platform.post("/_sim/recall", {"user": "alice", "message_id": said["message_id"]})
    event = (await pushed(socket))["event"]

    assert (event["message_id"], event["recall_type"]) == (said["message_id"], "message_owner")
    assert (await platform.get("/_sim/messages"))[-1]["deleted"]


@pytest.mark.parametrize(("user", "times"), [("bob", 1), ("alice", 2)])
async def test_nobody_recalls_anothers_message_or_twice(
    platform: Platform, user: str, times: int
) -> None:
    said = await platform.say()
    body = {"user": user, "message_id": said["message_id"]}

    for _ in range(times - 1):
        await platform.post("/_sim/recall", body)
    async with platform.http.post(f"{platform.url}/_sim/recall", json=body) as response:
        assert response.status == 400


async def test_reading_the_bots_message_is_told(platform: Platform, bot: Bot) -> None:
    socket = await platform.connect()
    message_id = (await bot.send())["message_id"]

    await platform.post("/_sim/read", {"user": "alice", "message_id": message_id})
    event = (await pushed(socket))["event"]

    assert event["message_id_list"] == [message_id]
    assert set(event["reader"]["reader_id"]) == USER_IDS


async def test_who_joined_can_be_written_to(platform: Platform, bot: Bot) -> None:
    before = await bot.create("Dora@example.com", "email")
    socket = await platform.connect()

    await platform.post("/_sim/events/contact.user.created_v3", {"name": "Dora"})
    joined = (await pushed(socket))["event"]["object"]
    after = await bot.create(joined["open_id"], "open_id")

    assert before["code"] != 0
    assert (joined["name"], after["code"]) == ("Dora", 0)


async def test_who_joined_can_write_and_be_mentioned(platform: Platform) -> None:
    socket = await platform.connect()
    await platform.post("/_sim/events/contact.user.created_v3", {"name": "Dora"})
    await pushed(socket)

    await platform.say("hi", user="Dora")
    hello = (await pushed(socket))["event"]["message"]
    await platform.say("ask @Dora", chat="team")
    asked = (await pushed(socket))["event"]["message"]

    assert hello["chat_type"] == "p2p"
    assert [mention["name"] for mention in asked["mentions"]] == ["Dora"]


async def test_who_left_cannot_be_written_to(platform: Platform, bot: Bot) -> None:
    await platform.post("/_sim/events/contact.user.deleted_v3", {"name": "carol"})

    assert (await bot.create("carol@example.com", "email"))["code"] != 0


async def test_removed_bot_hears_nothing_of_a_group(platform: Platform, bot: Bot) -> None:
    group = next(
        each for each in (await platform.get("/_sim/world"))["chats"] if each["name"] == "team"
    )
    await platform.post("/_sim/events/im.chat.member.bot.deleted_v1", {})

    said = await platform.say("anybody?", chat="team")

    assert await platform.deliveries(said["event_id"]) == []
    assert (await bot.create(group["chat_id"], "chat_id"))["code"] == 230002


async def test_bot_taken_into_a_new_group_can_write_there(platform: Platform, bot: Bot) -> None:
    fired = await platform.post("/_sim/events/im.chat.member.bot.added_v1", {"chat": "new"})

    assert (await bot.create(fired["chat_id"], "chat_id"))["code"] == 0


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("nonsense", {}),
        ("approval_instance", {"status": "PERHAPS"}),
        ("approval_instance", {"planet": "earth"}),
        ("application.bot.menu_v6", {"user": "nobody"}),
        ("application.bot.menu_v6", {"event_key": {}}),
        ("im.chat.updated_v1", {"chat": "p2p"}),
        ("contact.user.deleted_v3", {"name": "alice"}),
        ("contact.department.updated_v3", {"name": "Alchemy"}),
        ("im.message.reaction.created_v1", {"message_id": "om_none"}),
        ("card.action.trigger", {}),
    ],
)
async def test_impossible_event_is_refused(platform: Platform, kind: str, asked: Any) -> None:
    async with platform.http.post(f"{platform.url}/_sim/events/{kind}", json=asked) as response:
        assert response.status in (400, 404)
        assert "error" in await response.json()


async def test_reverted_approval_tells_its_time_as_a_number(platform: Platform) -> None:
    socket = await platform.connect()

    await platform.post("/_sim/events/approval_instance", {"status": "REVERTED"})
    reverted = (await pushed(socket))["event"]
    await platform.post("/_sim/events/approval_instance", {"status": "APPROVED"})
    approved = (await pushed(socket))["event"]

    assert isinstance(reverted["operate_time"], int)
    assert isinstance(approved["operate_time"], str)
    assert approved["uuid"]
