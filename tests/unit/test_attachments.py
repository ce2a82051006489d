"""What a message says that is not text, and what came with it."""

from __future__ import annotations

from typing import Any

import pytest

from shared.feishu.messages import read_message
from shared.model.message import Attachment
from tests.factories import message, payload

IMAGE = Attachment("image", "img_1")
POST = {
    "title": "",
    "content": [
        [{"tag": "text", "text": "look "}, {"tag": "img", "image_key": "img_1", "width": 1}],
        [{"tag": "media", "file_key": "file_1", "image_key": "img_2"}],
    ],
}


def received(kind: str, content: dict[str, Any], **more: Any) -> Any:
    event = message(message_type=kind, content=content)
    event["event"]["message"].update(more)
    return read_message(payload(event))


@pytest.mark.parametrize(
    ("kind", "content", "attachments"),
    [
        ("image", {"image_key": "img_1"}, [Attachment("image", "img_1")]),
        (
            "file",
            {"file_key": "file_1", "file_name": "a.pdf"},
            [Attachment("file", "file_1", "a.pdf")],
        ),
        (
            "audio",
            {"file_key": "file_1", "duration": 2500},
            [Attachment("audio", "file_1", seconds=2.5)],
        ),
        (
            "media",
            {"file_key": "file_1", "image_key": "img_1", "file_name": "a.mp4", "duration": 1000},
            [Attachment("video", "file_1", "a.mp4", 1.0)],
        ),
        ("post", POST, [Attachment("image", "img_1"), Attachment("video", "file_1")]),
        ("post", {"content": [[{"tag": "img", "image_key": "img_1"}] * 2]}, [IMAGE]),
        ("post", {"content": [[{"tag": ["img"]}, {"tag": {}}, {"tag": "image"}], "x"]}, []),
        ("sticker", {"file_key": "file_1"}, []),
        ("merge_forward", {"content": "Merged and Forwarded Message"}, []),
        ("interactive", {"elements": [[{"tag": "img", "image_key": "img_1"}]]}, []),
        ("image", {}, []),
        ("image", {"image_key": 7}, []),
        ("text", {"text": "hi"}, []),
    ],
)
def test_what_came_with_a_message_is_known(
    kind: str, content: dict[str, Any], attachments: list[Attachment]
) -> None:
    assert list(received(kind, content).attachments) == attachments


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("image", {"image_key": "img_1"}, "[image]"),
        ("file", {"file_key": "k", "file_name": "a.pdf"}, "[file: a.pdf]"),
        ("media", {"file_key": "k", "file_name": "a.mp4"}, "[video: a.mp4]"),
        ("sticker", {"file_key": "k"}, "[sticker]"),
        ("unheard_of", {"x": 1}, "[unheard_of]"),
        ("post", POST, "look [image]\n[video]"),
    ],
)
def test_every_kind_of_message_has_words(kind: str, content: dict[str, Any], words: str) -> None:
    assert received(kind, content).text == words


@pytest.mark.parametrize("parent", ["", None, 7, ["om_1"], "om/../1?x", "x" * 200])
def test_quote_that_cannot_be_read_does_not_cost_the_message(parent: object) -> None:
    quoting = received("text", {"text": "and?"}, parent_id=parent)

    assert (quoting.parent, quoting.text) == (None, "and?")


def test_quoted_message_is_known() -> None:
    quoting = received("text", {"text": "and?"}, parent_id="om_parent", root_id="om_root")

    assert quoting.parent == "om_parent"
