from __future__ import annotations

import json
from typing import Any

import pytest

from shared.feishu.events import Identify
from shared.feishu.messages import read_message
from shared.model.ids import OpenId
from tests.events import v1_message
from tests.factories import BOT, MENTION_OF_BOT, message, payload

PLENTY = 1_000_000
identify = Identify(at_most=PLENTY)


def test_half_a_surrogate_pair_costs_a_character_not_the_message() -> None:
    outer = payload(message("x")).replace(b'\\"x\\"', b'\\"x \\\\ud83d\\"')
    inner = payload(message("x")).replace(b'\\"x\\"', b'\\"x \\ud83d\\"')

    assert [read_message(raw).text for raw in (outer, inner)] == ["x \ufffd", "x \ufffd"]


def test_group_message_addresses_the_bot_by_id_not_by_name() -> None:
    namesake = {**MENTION_OF_BOT, "id": {"open_id": "ou_other"}}
    meant, not_meant = (
        read_message(payload(message("@_user_1 hi", chat_type="group", mentions=[mention])))
        for mention in (MENTION_OF_BOT, namesake)
    )

    assert meant.addresses(OpenId(BOT))
    assert not not_meant.addresses(OpenId(BOT))


def test_prompt_leaves_out_the_bot_and_names_the_others() -> None:
    others = [
        {"key": f"@_user_{n}", "id": {"open_id": f"ou_{n}"}, "name": f"N{n}"} for n in range(2, 12)
    ]
    text = "@_user_1 ask @_user_2, @_user_11 and @_all: what is @_user_99?"

    read = read_message(payload(message(text, mentions=[MENTION_OF_BOT, *others])))

    assert read.text_for(OpenId(BOT)) == "ask @N2, @N11 and @all: what is @_user_99?"


def test_post_is_read_line_by_line() -> None:
    content = {
        "title": "Plan",
        "content": [
            [{"tag": "at", "user_id": "@_user_1"}, {"tag": "text", "text": " see "}],
            [{"tag": "a", "text": "this", "href": "https://a.b"}, {"tag": "img"}],
            [{"tag": "something new"}, "no node"],
        ],
    }

    read = read_message(payload(message(message_type="post", content=content)))

    assert read.text == "Plan\n@_user_1 see \n[this](https://a.b)[image]\n"


@pytest.mark.parametrize("content", [{"text": 7}, {}, {"content": "no list"}])
def test_content_of_a_wrong_shape_has_no_text(content: dict[str, Any]) -> None:
    read = [
        read_message(payload(message(message_type=kind, content=content))).text
        for kind in ("text", "post")
    ]

    assert read == ["", ""]


def test_message_that_is_not_text_is_named() -> None:
    assert read_message(payload(message(message_type="image", content={}))).text == "[image]"


def test_message_of_an_app_is_not_sent_by_a_user() -> None:
    assert not read_message(payload(message(sender_type="app"))).sent_by_user


def test_content_that_is_no_json_has_no_text() -> None:
    event = message()
    event["event"]["message"]["content"] = "{broken"

    assert read_message(json.dumps(event).encode()).text == ""


def test_message_of_the_first_generation_is_read_like_any_other() -> None:
    others = '<at open_id="ou_2">@Bob</at>, <at user_id="all">all</at>'
    text = f'<at open_id="{BOT}">@Larkspur</at> ask {others}'

    read = read_message(payload(v1_message(text, chat_type="group", parent_id="om_0")))

    assert (read.message_id, read.chat_id, read.sender) == ("om_v1", "oc_1", "ou_alice")
    assert (read.chat_type, read.kind, read.parent) == ("group", "text", "om_0")
    assert read.sent_by_user
    assert read.addresses(OpenId(BOT))
    assert read.text_for(OpenId(BOT)) == "ask @Bob, @all"


def test_picture_of_the_first_generation_can_be_fetched() -> None:
    raw = v1_message("", msg_type="image", image_key="img_1")

    read = read_message(payload(raw))

    assert (read.text, [each.key for each in read.attachments]) == ("[image]", ["img_1"])


def test_private_chat_of_the_first_generation_is_p2p() -> None:
    read = read_message(payload(v1_message("hi")))

    assert (read.chat_type, read.parent, read.mentions) == ("p2p", None, ())
