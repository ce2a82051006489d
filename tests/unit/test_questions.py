"""Which messages ask the bot something."""

from __future__ import annotations

from typing import Any

import pytest

from shared.feishu.messages import read_message
from shared.model.ids import OpenId
from tests.factories import BOT, MENTION_OF_BOT, message, payload
from workers.policy.admission import wants
from workers.policy.rules import Rules

ME = OpenId(BOT)
IMAGE = {"tag": "img", "image_key": "img_1"}
TO_THE_BOT = {"tag": "at", "user_id": "@_user_1"}


def post(*nodes: dict[str, str]) -> dict[str, Any]:
    return {"title": "", "content": [list(nodes)]}


def asks(**what: Any) -> bool:
    return wants(read_message(payload(message(**what))), ME, Rules())


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image", {"image_key": "img_1"}),
        ("file", {"file_key": "file_1", "file_name": "a.pdf"}),
        ("audio", {"file_key": "file_1", "duration": 2000}),
        ("media", {"file_key": "file_1", "image_key": "img_1"}),
        ("post", post(IMAGE)),
        ("location", {"name": "Beijing"}),
        ("text", {"text": "hello"}),
    ],
)
def test_whatever_a_person_sends_the_bot_alone_asks(kind: str, content: dict[str, Any]) -> None:
    assert asks(message_type=kind, content=content)


def test_image_asks_in_a_group_if_the_bot_is_mentioned_beside_it() -> None:
    beside = {"message_type": "post", "chat_type": "group", "content": post(TO_THE_BOT, IMAGE)}

    assert asks(**beside, mentions=[MENTION_OF_BOT])
    assert not asks(**beside, mentions=[])


def test_mention_alone_asks_nothing() -> None:
    only = {"chat_type": "group", "mentions": [MENTION_OF_BOT]}

    assert not asks(**only, text="@_user_1 ")
    assert not asks(**only, message_type="post", content=post(TO_THE_BOT))


def test_image_of_an_app_asks_nothing() -> None:
    assert not asks(message_type="image", content={"image_key": "img_1"}, sender_type="app")
