"""What a user puts into a message: every `message_type` an event may have.

The contents are those of im-v1/message-content-description/message_content.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import orjson

from simulator.control.refusals import not_found, refuse, text_field
from simulator.ids import MessageId

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.control.mentioning import Mentioning
    from simulator.world.files import StoredFile
    from simulator.world.messages import Mention, Message
    from simulator.world.world import World

TYPE: Final = re.compile(r"[a-z0-9_]{1,64}")
MOST_MERGED: Final = 100


@dataclass(frozen=True, slots=True)
class Composed:
    """`content` is JSON; `merged` are the messages a forwarded record is made of."""

    msg_type: str
    content: str
    mentions: tuple[Mention, ...] = ()
    merged: tuple[Message, ...] = ()


class Composing:
    """Makes contents out of what was asked for; a file has to be stored first."""

    def __init__(self, world: World, mentioning: Mentioning) -> None:
        self._world = world
        self._mentioning = mentioning
        self._composers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "image": self._image,
            "file": self._file,
            "audio": self._audio,
            "media": self._media,
            "sticker": self._sticker,
            "share_chat": self._share_chat,
            "share_user": self._share_user,
            "location": self._location,
        }

    def compose(self, asked: dict[str, Any], *, mentioning: bool) -> Composed:
        """Compose a message of `type` (text if not given); bad fields end in a 400 or 404.

        With a `content` that is an object any type at all is sent as it is. Only with
        `mentioning` do names become mentions, as they do in groups.
        """
        msg_type = text_field(asked, "type", "text")
        content = asked.get("content")
        if msg_type == "post":
            return self._post(asked, mentioning=mentioning)
        if isinstance(content, dict) and TYPE.fullmatch(msg_type):
            return Composed(msg_type, dumped(content))
        if msg_type == "text":
            return self.text(text_field(asked, "text"), mentioning=mentioning)
        if msg_type == "merge_forward":
            return self._merge_forward(asked)
        composer = self._composers.get(msg_type)
        if composer is None:
            refuse(f"type must be text, post, merge_forward, {', '.join(self._composers)}")
        return Composed(msg_type, dumped(composer(asked)))

    def text(self, text: str, *, mentioning: bool) -> Composed:
        mentions: tuple[Mention, ...] = ()
        if mentioning:
            text, mentions = self._mentioning.in_text(text)
        return Composed("text", dumped({"text": text}), mentions)

    def _post(self, asked: dict[str, Any], *, mentioning: bool) -> Composed:
        content = asked.get("content")
        whole = content if isinstance(content, dict) else {"content": content, **_title(asked)}
        lines = whole.get("content") or self._text_and_image(asked)
        if not _are_lines(lines):
            refuse("the content of a post is a list of lists of elements")
        mentions: tuple[Mention, ...] = ()
        if mentioning:
            lines, mentions = self._mentioning.in_post(lines)
        post = {"title": str(whole.get("title", "")), "content": lines}
        return Composed("post", dumped(post), mentions)

    def _text_and_image(self, asked: dict[str, Any]) -> list[list[dict[str, Any]]]:
        """Write what a client writes for an image and a text sent together (facts 8)."""
        lines: list[list[dict[str, Any]]] = []
        if asked.get("image_key") is not None:
            lines.append([{"tag": "img", **self._image(asked)}])
        text = text_field(asked, "text", "")
        return [*lines, [{"tag": "text", "text": text, "style": []}]]

    def _image(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"image_key": self._stored(asked, "image_key").key}

    def _file(self, asked: dict[str, Any]) -> dict[str, Any]:
        stored = self._stored(asked, "file_key")
        return {"file_key": stored.key, "file_name": text_field(asked, "file_name", stored.name)}

    def _audio(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"file_key": self._stored(asked, "file_key").key, "duration": _duration(asked)}

    def _media(self, asked: dict[str, Any]) -> dict[str, Any]:
        cover = {} if asked.get("image_key") is None else self._image(asked)
        return {**self._file(asked), **cover, "duration": _duration(asked)}

    def _sticker(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"file_key": text_field(asked, "file_key", secrets.token_hex(16))}

    def _share_chat(self, asked: dict[str, Any]) -> dict[str, Any]:
        name = text_field(asked, "shared_chat", "team")
        chat = self._world.chats.get(name) or self._world.group(name)
        return {"chat_id": chat.chat_id if chat else not_found(f"there is no chat {name!r}")}

    def _share_user(self, asked: dict[str, Any]) -> dict[str, Any]:
        name = text_field(asked, "shared_user", "bob")
        user = self._world.user(name)
        return {"user_id": user.open_id if user else not_found(f"there is no user {name!r}")}

    def _location(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "name": text_field(asked, "name", "北京市海淀区"),
            "longitude": text_field(asked, "longitude", "116.310003"),
            "latitude": text_field(asked, "latitude", "39.991957"),
        }

    def _merge_forward(self, asked: dict[str, Any]) -> Composed:
        given = asked.get("message_ids", [])
        if not isinstance(given, list) or not 0 < len(given) <= MOST_MERGED:
            refuse(f"message_ids must be a list of 1 to {MOST_MERGED} messages")
        found = [self._world.messages.get(MessageId(str(each))) for each in given]
        merged = tuple(each for each in found if each is not None)
        if len(merged) < len(given):
            not_found("not all of these messages are there")
        content = dumped({"content": "Merged and Forwarded Message"})
        return Composed("merge_forward", content, merged=merged)

    def _stored(self, asked: dict[str, Any], field: str) -> StoredFile:
        key = text_field(asked, field)
        return self._world.files.get(key) or not_found(f"there is no file {key!r}")


def dumped(content: dict[str, Any]) -> str:
    try:
        return orjson.dumps(content).decode()
    except TypeError:  # half a surrogate pair: no UTF-8, but good as an escape
        return json.dumps(content)


def _title(asked: dict[str, Any]) -> dict[str, str]:
    return {"title": text_field(asked, "title", "")}


def _duration(asked: dict[str, Any]) -> int:
    duration = asked.get("duration", 1_000)
    if isinstance(duration, bool) or not isinstance(duration, int) or duration < 0:
        refuse("duration must be a whole number of milliseconds")
    return duration


def _are_lines(lines: object) -> TypeGuard[list[list[dict[str, Any]]]]:
    return (
        isinstance(lines, list)
        and all(isinstance(line, list) for line in lines)
        and all(isinstance(each, dict) for line in lines for each in line)
    )
