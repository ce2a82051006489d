"""What a model reads of messages that are no words, as somebody in the chat sees them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.feishu.attachments import attachments_of
from shared.feishu.contents import text_of

SPAN = {"start_time": "1608265395000", "end_time": "1608267015000"}
TASK = {"title": "", "content": [[{"tag": "text", "text": "eat fruit"}]]}
KINDS = [
    *("text", "post", "image", "file", "folder", "audio", "media", "sticker", "interactive"),
    *("hongbao", "share_calendar_event", "calendar", "general_calendar", "share_chat"),
    *("share_user", "system", "location", "video_chat", "todo", "vote", "merge_forward"),
]


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("image", {"image_key": "img_1"}, "[image]"),
        ("file", {"file_key": "k", "file_name": "a.pdf"}, "[file: a.pdf]"),
        ("file", {"file_key": "k", "file_name": "a\nb  c.pdf"}, "[file: a b c.pdf]"),
        ("folder", {"file_key": "k", "file_name": "plans"}, "[folder: plans]"),
        ("media", {"file_key": "k", "file_name": "a.mp4"}, "[video: a.mp4]"),
        ("audio", {"file_key": "k", "duration": 2000}, "[audio]"),
        ("sticker", {"file_key": "k"}, "[sticker]"),
        ("hongbao", {"text": "[红包]"}, "[red packet]"),
        ("merge_forward", {"content": "Merged and Forwarded Message"}, "[forwarded messages]"),
        (
            "location",
            {"name": "Beijing", "longitude": "116.4", "latitude": "39.9"},
            "[location: Beijing, latitude 39.9, longitude 116.4]",
        ),
        ("location", {"name": "Beijing"}, "[location: Beijing]"),
        ("share_chat", {"chat_id": "oc_1"}, "[group card: oc_1]"),
        ("share_user", {"user_id": "ou_1"}, "[contact card: ou_1]"),
        (
            "calendar",
            {"summary": "Standup", **SPAN},
            "[calendar: Standup, 2020-12-18 04:23 UTC to 2020-12-18 04:50 UTC]",
        ),
        ("share_calendar_event", {"summary": "Standup"}, "[calendar: Standup]"),
        ("general_calendar", {"start_time": "soon"}, "[calendar]"),
        ("general_calendar", {"start_time": "9" * 20}, "[calendar]"),
        ("general_calendar", {"start_time": -1, "end_time": "٣"}, "[calendar]"),
        (
            "video_chat",
            {"topic": "Call", "start_time": 1623124523829},
            "[video call: Call, 2021-06-08 03:55 UTC]",
        ),
        (
            "todo",
            {"task_id": "t", "summary": TASK, "due_time": "1623124318000"},
            "[todo: eat fruit, due 2021-06-08 03:51 UTC]",
        ),
        ("todo", {"summary": "eat fruit"}, "[todo]"),
        (
            "vote",
            {"topic": "Lunch?", "options": ["rice", "noodles"]},
            "[vote: Lunch?, rice | noodles]",
        ),
        ("vote", {"topic": "Lunch?", "options": None}, "[vote: Lunch?]"),
        ("unheard_of", {"x": 1}, "[unheard_of]"),
    ],
)
def test_thing_is_told_of_in_brackets(kind: str, content: dict[str, Any], words: str) -> None:
    assert text_of(kind, content) == words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            {
                "template": "{from_user} invited {to_chatters} to this chat.",
                "from_user": ["Bot"],
                "to_chatters": ["Ming", "Wang"],
            },
            "[system: Bot invited Ming, Wang to this chat.]",
        ),
        (
            {"template": "{divider_text}", "divider_text": {"text": "New session"}},
            "[system: New session]",
        ),
        ({"template": "{from_user} left", "from_user": [{"name": "Ming"}]}, "[system: Ming left]"),
        ({"template": "{nobody} left"}, "[system: left]"),
        ({}, "[system]"),
    ],
)
def test_template_of_a_system_message_is_filled(content: dict[str, Any], words: str) -> None:
    assert text_of("system", content) == words


def test_code_in_a_post_stays_code() -> None:
    code = {"tag": "code_block", "language": "GO", "text": "func main() {\n}"}

    assert text_of("post", {"content": [[code]]}) == "```go\nfunc main() {\n}\n```"


def plain(text: str) -> dict[str, str]:
    return {"tag": "plain_text", "content": text}


OLD_CLIENT = {
    "title": "Title",
    "elements": [
        [{"tag": "text", "text": "one "}, {"tag": "a", "text": "two", "href": "https://a.b"}],
        [{"tag": "button", "text": "Go", "type": "primary"}],
        [{"tag": "note", "elements": [{"tag": "text", "text": "small"}]}],
    ],
}
JSON_1 = {
    "config": {"wide_screen_mode": True},
    "header": {"template": "blue", "title": plain("Title")},
    "elements": [
        {
            "tag": "div",
            "text": {"tag": "lark_md", "content": "**one**"},
            "fields": [{"text": plain("two")}],
        },
        {
            "tag": "action",
            "actions": [{"tag": "button", "text": plain("Go"), "value": plain("no")}],
        },
        {"tag": "hr"},
    ],
}
JSON_2 = {
    "schema": "2.0",
    "config": {"summary": {"content": "unseen"}},
    "body": {
        "elements": [
            {"tag": "markdown", "content": "one"},
            {"tag": "column_set", "columns": [{"tag": "column", "elements": [plain("two")]}]},
        ]
    },
    "header": {"title": plain("Title"), "subtitle": plain("Subtitle")},
}


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (OLD_CLIENT, "Title\none [two](https://a.b)\nGo\nsmall"),
        (JSON_1, "Title\n**one**\ntwo\nGo\n---"),
        (JSON_2, "Title\nSubtitle\none\ntwo"),
        ({"type": "template", "data": {"template_id": "AAq"}}, "[card]"),
        ({"title": None, "elements": [[]]}, "[card]"),
        ({"elements": [{"tag": ["text"]}, "words", 7, None]}, "[card]"),
    ],
)
def test_card_of_any_generation_is_read_in_order(card: dict[str, Any], words: str) -> None:
    assert text_of("interactive", card) == words


def test_card_may_be_deep() -> None:
    deep: Any = plain("words")
    for _ in range(100_000):
        deep = [deep]

    assert text_of("interactive", {"elements": deep}) == "words"


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("img")
names = st.sampled_from(
    ["tag", "text", "content", "title", "elements", "summary", "template", "options", "image_key"]
)
shapes = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5)
)


@given(st.sampled_from(KINDS), st.dictionaries(names, shapes))
def test_content_of_any_shape_has_words(kind: str, content: dict[str, Any]) -> None:
    assert isinstance(text_of(kind, content), str)
    assert all(each.key for each in attachments_of(kind, content))
