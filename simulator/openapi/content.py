"""What a message may contain, and how long it may be (im-v1/message/create, facts 3)."""

from __future__ import annotations

from typing import Any, Final

import orjson

from simulator.openapi.errors import bad_field, bad_parameter, too_long

LONGEST_TEXT: Final = 150 * 1024
LONGEST_RICH: Final = 30 * 1024
"""Bytes of the whole request body, as the documents have it."""
MSG_TYPES: Final = frozenset({"text", "post", "interactive"})


def checked_content(asked: dict[str, Any], size: int) -> tuple[str, str]:
    """Return `msg_type` and `content` of a request whose body is `size` bytes long.

    Raises:
        ApiError: a field is missing, the type is not one the simulator knows, the content is
            not the JSON that type asks for (230001), or too long (230025).
    """
    msg_type, content = text_field(asked, "msg_type"), text_field(asked, "content")
    if msg_type not in MSG_TYPES:
        raise bad_parameter(f"msg_type is not one of {', '.join(sorted(MSG_TYPES))}")
    if size > (LONGEST_TEXT if msg_type == "text" else LONGEST_RICH):
        raise too_long()
    try:
        parsed = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise bad_parameter("content is not a string in json format") from None
    if not isinstance(parsed, dict):
        raise bad_parameter("content is not a json object")
    if msg_type == "text" and not isinstance(parsed.get("text"), str):
        raise bad_parameter("text content has no text")
    return msg_type, content


def text_field(asked: dict[str, Any], field: str) -> str:
    """Return a required string.

    Raises:
        ApiError: it is missing or no string.
    """
    found = asked.get(field)
    if not isinstance(found, str) or not found:
        raise bad_field(field)
    return found


def optional_text_field(asked: dict[str, Any], field: str, longest: int) -> str | None:
    """Return an optional string of at most `longest` characters; empty counts as absent.

    Raises:
        ApiError: it is no string, or longer.
    """
    found = asked.get(field)
    if found is None or found == "":
        return None
    if not isinstance(found, str) or len(found) > longest:
        raise bad_field(field)
    return found
