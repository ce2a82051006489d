"""What a message may contain, and how long it may be (im-v1/message/create, facts 3).

Each type's fields are those of im-v1/message/create_json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import orjson

from simulator.openapi.attachments import check_attachments
from simulator.openapi.errors import bad_parameter, too_long
from simulator.openapi.fields import text_field
from simulator.openapi.mentions import mentioning_post, mentioning_text
from simulator.openapi.posts import checked_post
from simulator.world.card_json import DEEPEST, depth

if TYPE_CHECKING:
    from simulator.world.messages import Mention
    from simulator.world.world import World

LONGEST_TEXT: Final = 150 * 1024
LONGEST_RICH: Final = 30 * 1024
"""Bytes of the whole request body, as the documents have it."""
RICH: Final = frozenset({"post", "interactive"})
MSG_TYPES: Final = (
    "text",
    "post",
    "image",
    "file",
    "audio",
    "media",
    "sticker",
    "interactive",
    "share_chat",
    "share_user",
)


@dataclass(frozen=True, slots=True)
class Content:
    """`text` is the JSON that is kept, its mentions replaced by their keys."""

    msg_type: str
    text: str
    mentions: tuple[Mention, ...] = ()


def checked_content(asked: dict[str, Any], size: int, world: World) -> Content:
    """Return the content of a request whose body is `size` bytes long.

    Raises:
        ApiError: a field is missing; the type is not one an app may send, or the content not
            what that type asks for (230001); it is too long (230025); or as `check_attachments`.
            A card is looked into when it is dealt to its message.
    """
    msg_type, content = text_field(asked, "msg_type"), text_field(asked, "content")
    if msg_type not in MSG_TYPES:
        raise bad_parameter(f"msg_type is not one of {', '.join(MSG_TYPES)}")
    check_size(msg_type, size)
    parsed = parsed_content(content)
    if msg_type != "interactive" and depth(parsed) > DEEPEST:
        raise bad_parameter("content is nested too deep")
    match msg_type:
        case "text":
            return _text(parsed, content, world)
        case "post":
            body, mentions = mentioning_post(checked_post(parsed, world), world)
            return Content(msg_type, written(body), mentions)
        case "share_chat" | "share_user":
            _check_shared(parsed, msg_type, world)
        case "image" | "file" | "audio" | "media" | "sticker":
            check_attachments(parsed, msg_type, world)
    return Content(msg_type, content)


def check_size(msg_type: str, size: int) -> None:
    """Let a body of `size` bytes through.

    Raises:
        ApiError: 230025, it is too long for that type.
    """
    if size > (LONGEST_RICH if msg_type in RICH else LONGEST_TEXT):
        raise too_long()


def parsed_content(content: str) -> dict[str, Any]:
    """Read `content`.

    Raises:
        ApiError: 230001, it is not a JSON object.
    """
    try:
        # And not orjson: half a surrogate pair is sendable.
        parsed = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise bad_parameter("content is not a string in json format") from None
    if not isinstance(parsed, dict):
        raise bad_parameter("content is not a json object")
    return parsed


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def written(body: dict[str, Any]) -> str:
    """Return a body as JSON; half a surrogate pair as its escape."""
    try:
        return orjson.dumps(body).decode()
    except (orjson.JSONEncodeError, TypeError):
        return json.dumps(body)


def _text(parsed: dict[str, Any], content: str, world: World) -> Content:
    text = parsed.get("text")
    if not isinstance(text, str):
        raise bad_parameter("text content has no text")
    shown, mentions = mentioning_text(text, world)
    if shown != text:
        content = written({**parsed, "text": shown})
    return Content("text", content, mentions)


def _check_shared(parsed: dict[str, Any], msg_type: str, world: World) -> None:
    if msg_type == "share_chat":
        known = world.chats.get(str(parsed.get("chat_id"))) is not None
    else:
        known = any(user.open_id == parsed.get("user_id") for user in world.users)
    if not known:
        raise bad_parameter(f"invalid {msg_type.removeprefix('share_')}_id")
