"""What an app may send, and how it comes out."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.unit.simulator.conftest import MESSAGES, Bot, content, text


async def people(bot: Bot) -> dict[str, Any]:
    world = await bot.platform.get("/_sim/world")
    return {user["name"]: user for user in world["users"]} | {"bot": world["bot"]}


async def team(bot: Bot) -> str:
    world = await bot.platform.get("/_sim/world")
    return str(next(chat["chat_id"] for chat in world["chats"] if chat["name"] == "team"))


@pytest.mark.parametrize(
    ("msg_type", "body", "code"),
    [
        ("image", {"image_key": "img_v3_unknown"}, 230001),
        ("image", {}, 230001),
        ("file", {"file_key": "file_v3_unknown"}, 230001),
        ("sticker", {"file_key": "file_v3_unknown"}, 230001),
        ("share_user", {"user_id": "ou_nobody"}, 230001),
        ("share_chat", {"chat_id": "oc_nowhere"}, 230001),
        ("post", {}, 230001),
        ("post", {"zh_cn": {"content": "words"}}, 230001),
        ("post", {"zh_cn": {"title": 1, "content": []}}, 230001),
        ("post", {"zh_cn": {"content": [[{"tag": "blink", "text": "x"}]]}}, 230001),
        ("post", {"zh_cn": {"content": [[{"tag": "text"}]]}}, 230001),
        ("post", {"zh_cn": {"content": [[{"tag": "img", "image_key": "img_v3_x"}]]}}, 230001),
        ("location", {}, 230001),
    ],
)
async def test_content_that_does_not_fit_its_type_is_refused(
    bot: Bot, msg_type: str, body: Any, code: int
) -> None:
    refused = await bot.create("alice@example.com", "email", **content(msg_type, body))

    assert refused["code"] == code


async def test_people_and_chats_are_shared(bot: Bot) -> None:
    alice = (await people(bot))["alice"]["open_id"]

    await bot.send(**content("share_user", {"user_id": alice}))
    shared = await bot.send(**content("share_chat", {"chat_id": await team(bot)}))

    assert shared["msg_type"] == "share_chat"


async def test_tags_in_a_text_become_mentions(bot: Bot) -> None:
    known = await people(bot)
    words = f'<at user_id="{known["alice"]["open_id"]}">Al</at> and <at user_id="all"></at>'

    sent = await bot.send(**text(words))

    assert json.loads(sent["body"]["content"]) == {"text": "@_user_1 and @_all"}
    assert [(each["key"], each["name"]) for each in sent["mentions"]] == [("@_user_1", "alice")]
    assert (await bot.shown(sent["message_id"]))["text"] == "@alice and @_all"


async def test_one_person_mentioned_twice_has_one_key(bot: Bot) -> None:
    alice = (await people(bot))["alice"]["open_id"]

    sent = await bot.send(**text(f'<at user_id="{alice}"></at> <at user_id="{alice}"></at>'))

    assert json.loads(sent["body"]["content"]) == {"text": "@_user_1 @_user_1"}


async def test_a_tag_for_nobody_is_words(bot: Bot) -> None:
    sent = await bot.send(**text('<at user_id="ou_nobody">Tom</at> hi'))

    assert json.loads(sent["body"]["content"]) == {"text": "@Tom hi"}
    assert "mentions" not in sent


async def test_post_loses_its_language_and_keeps_its_mentions(bot: Bot) -> None:
    alice = (await people(bot))["alice"]["open_id"]
    line = [{"tag": "md", "text": "**hi** "}, {"tag": "at", "user_id": alice}]

    sent = await bot.send(**content("post", {"en_us": {"title": "T", "content": [line]}}))

    kept = json.loads(sent["body"]["content"])
    assert kept["title"] == "T"
    assert kept["content"][0][1] == {"tag": "at", "user_id": "@_user_1", "user_name": "alice"}
    assert sent["mentions"][0]["id"] == alice


async def test_calls_with_one_uuid_at_once_send_one_message(bot: Bot) -> None:
    slow = {"kind": "slow", "seconds": 0.2, "count": 1, "where": {"api": MESSAGES}}
    await bot.platform.post("/_sim/faults", slow)

    answers = await asyncio.gather(
        *(bot.create("alice@example.com", "email", uuid="u-1") for _ in range(3))
    )

    assert sorted(each["code"] for each in answers) == [0, 230049, 230049]
    sent = next(each for each in answers if each["code"] == 0)
    assert await bot.create("alice@example.com", "email", uuid="u-1") == sent
    assert len(await bot.platform.get("/_sim/messages")) == 1


async def test_forwarded_message_is_a_new_one_with_the_same_words(bot: Bot) -> None:
    said = await bot.platform.say("pass it on")

    forwarded = await bot.call(
        "POST",
        f"{MESSAGES}/{said['message_id']}/forward",
        {"receive_id": await team(bot)},
        receive_id_type="chat_id",
    )

    assert forwarded["data"]["message_id"] != said["message_id"]
    assert json.loads(forwarded["data"]["body"]["content"]) == {"text": "pass it on"}
    assert forwarded["data"]["chat_id"] == await team(bot)


async def test_card_of_the_second_schema_is_not_given_out_again(bot: Bot) -> None:
    card = {"schema": "2.0", "body": {"elements": [{"tag": "markdown", "content": "hi"}]}}
    sent = await bot.send(**content("interactive", card))
    path = f"{MESSAGES}/{sent['message_id']}"

    got = (await bot.call("GET", path))["data"]["items"][0]
    raw = (await bot.call("GET", path, card_msg_content_type="raw_card_content"))["data"]["items"]

    assert "hi" not in got["body"]["content"]
    assert json.loads(raw[0]["body"]["content"]) == card


async def test_merged_messages_are_read_with_their_parts(bot: Bot) -> None:
    parts = [(await bot.platform.say(words))["message_id"] for words in ("one", "two")]
    merged = await bot.platform.post(
        "/_sim/messages", {"user": "alice", "type": "merge_forward", "message_ids": parts}
    )

    got = await bot.call("GET", f"{MESSAGES}/{merged['message_id']}")
    listed = await bot.call(
        "GET", MESSAGES, container_id_type="chat", container_id=merged["chat_id"]
    )

    upper = [each.get("upper_message_id") for each in got["data"]["items"]]
    assert upper == [None, merged["message_id"], merged["message_id"]]
    found = [each["message_id"] for each in listed["data"]["items"]]
    assert found == [*parts, merged["message_id"]]


async def test_only_a_sticker_that_came_can_be_sent(bot: Bot) -> None:
    said = await bot.platform.post("/_sim/messages", {"user": "alice", "type": "sticker"})
    received = (await bot.call("GET", f"{MESSAGES}/{said['message_id']}"))["data"]["items"][0]
    sticker = json.loads(received["body"]["content"])

    sent = await bot.send(**content("sticker", sticker))

    assert json.loads(sent["body"]["content"]) == sticker
    path = f"{MESSAGES}/{said['message_id']}/resources/{sticker['file_key']}"
    assert (await bot.call("GET", path, type="file"))["code"] == 234043


@pytest.mark.parametrize(
    ("msg_type", "raw", "code"),
    [
        ("text", '{"text":"half a pair: \\ud800"}', 0),
        ("text", '{"text":"\\ud800 <at user_id=\\"all\\"></at>"}', 0),
        ("post", '{"zh_cn":{"title":"\\ud800","content":[[{"tag":"text","text":"\\ud800"}]]}}', 0),
        ("post", '{"zh_cn":{"content":[[{"tag":"\\ud800"}]]}}', 230001),
        ("text", '{"text":"x","more":NaN}', 230001),
        ("text", '{"text":"x","more":' + "[" * 101 + "]" * 101 + "}", 230001),
        ("text", '{"text":"x","more":' + "[" * 50_000 + "]" * 50_000 + "}", 230001),
        ("interactive", '{"elements":[{"tag":"markdown","content":"\\ud800"}]}', 230099),
        ("interactive", '{"elements":' + "[" * 10_000 + "]" * 10_000 + "}", 230001),
    ],
)
async def test_hostile_content_is_sent_or_refused_and_breaks_nothing(
    bot: Bot, msg_type: str, raw: str, code: int
) -> None:
    given = {"msg_type": msg_type, "content": raw}

    sent = await bot.create("alice@example.com", "email", **given)

    assert sent["code"] == code
    listed = await bot.platform.get("/_sim/messages")
    assert len(listed) == (1 if code == 0 else 0)
    if code == 0:
        path = f"{MESSAGES}/{sent['data']['message_id']}"
        assert (await bot.call("GET", path))["code"] == 0
