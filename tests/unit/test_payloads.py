from __future__ import annotations

import json
from typing import Any

import pytest

from shared.errors import MalformedEvent
from shared.feishu.payloads import identify, read_message
from shared.model.ids import OpenId
from tests.factories import BOT, MENTION_OF_BOT, message, payload

PLENTY = 1_000_000


def test_message_stands_in_line_with_its_chat() -> None:
    event = identify(
        payload(message(event_id="e1", message_id="om_1", chat="oc_1")), at_most=PLENTY
    )

    assert (event.type, event.event_id) == ("im.message.receive_v1", "e1")
    assert (event.message_id, event.conversation) == ("om_1", "oc_1")


def test_message_in_a_thread_stands_in_line_with_the_thread() -> None:
    event = identify(payload(message(chat="oc_1", thread="omt_1")), at_most=PLENTY)

    assert event.conversation == "oc_1:omt_1"


def test_unknown_kind_of_event_has_no_place() -> None:
    raw = {"header": {"event_type": "moon.landed_v1", "event_id": "e1"}, "event": {}}

    assert identify(payload(raw), at_most=PLENTY).conversation is None


def test_v1_event_is_known_by_its_outer_uuid() -> None:
    raw = {"uuid": "outer", "event": {"type": "approval_instance", "uuid": "inner"}}

    event = identify(payload(raw), at_most=PLENTY)

    assert (event.type, event.event_id) == ("approval_instance", "outer")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not_json"),
        (b"\xff", "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"null", "not_an_object"),
        (b"{}", "no_event"),
        (b'{"event": {"type": 3}}', "no_event_type"),
        (b'{"event": {"type": "a"}}', "no_event_id"),
        (b'{"event": {"type": "a"}, "uuid": 7}', "no_event_id"),
        (b'{"event": {"type": "a"}, "uuid": "a b"}', "bad_event_id"),
        (payload(message(event_id="x" * 129)), "bad_event_id"),
        (payload(message(chat="oc_1\n")), "bad_chat_id"),
        (payload(message(message_id="')(")), "bad_message_id"),
        (b"x" * (PLENTY + 1), "too_large"),
    ],
)
def test_unreadable_payload_is_malformed_for_one_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedEvent) as caught:
        identify(raw, at_most=PLENTY)

    assert caught.value.reason == reason


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
