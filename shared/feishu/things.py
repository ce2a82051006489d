"""What a message shows that is neither words nor a card: a place, a date, a vote. Pure.

https://open.feishu.cn/document/server-docs/im-v1/message-content-description/message_content
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from shared.feishu.posts import post_words

if TYPE_CHECKING:
    from collections.abc import Callable

    Detail = Callable[[dict[str, Any]], str]

_BLANK: Final = re.compile(r"\{([a-z_]+)\}")
_LONGEST_MOMENT: Final = 14
"""Digits of milliseconds, so that no moment is beyond the calendar."""


def thing(message_type: str, content: dict[str, Any]) -> str:
    """Return what a message shows in brackets: what it is, and what is known of it."""
    word, *details = _THINGS.get(message_type, (message_type,))
    told = ", ".join(filter(None, (detail(content) for detail in details)))
    return f"[{word}: {told}]" if told else f"[{word}]"


def _named(field: str) -> Detail:
    return lambda content: _line(content.get(field))


def _coordinates(content: dict[str, Any]) -> str:
    latitude, longitude = _line(content.get("latitude")), _line(content.get("longitude"))
    return f"latitude {latitude}, longitude {longitude}" if latitude and longitude else ""


def _span(content: dict[str, Any]) -> str:
    ends = (_moment(content.get(field)) for field in ("start_time", "end_time"))
    return " to ".join(filter(None, ends))


def _due(content: dict[str, Any]) -> str:
    moment = _moment(content.get("due_time"))
    return f"due {moment}" if moment else ""


def _task(content: dict[str, Any]) -> str:
    summary = content.get("summary")
    return post_words(summary) if isinstance(summary, dict) else ""


def _options(content: dict[str, Any]) -> str:
    options = content.get("options")
    return " | ".join(map(_line, options)) if isinstance(options, list) else ""


def _told(content: dict[str, Any]) -> str:
    """Fill a template's blanks."""
    template = _line(content.get("template"))
    return _line(_BLANK.sub(lambda found: _filling(content.get(found[1])), template))


def _filling(value: object) -> str:
    """Return names, which come as a list, or a text."""
    return ", ".join(map(_name, value if isinstance(value, list) else [value]))


def _name(value: object) -> str:
    match value:
        case {"text": str(text)} | {"name": str(text)}:
            return text
        case _:
            return _line(value)


def _line(value: object) -> str:
    """Return a text on one line, or a number; of anything else nothing."""
    if isinstance(value, str):
        return " ".join(value.split())
    return str(value) if isinstance(value, int | float) else ""


def _moment(value: object) -> str:
    """Read milliseconds since the epoch. Where their reader is nobody knows, so it is in UTC."""
    digits = _line(value)
    if not digits.isascii() or not digits.isdigit() or not 0 < len(digits) < _LONGEST_MOMENT:
        return ""
    return f"{datetime.fromtimestamp(int(digits) / 1000, UTC):%Y-%m-%d %H:%M} UTC"


_MEETING: Final = ("calendar", _named("summary"), _span)
_THINGS: Final[dict[str, tuple[Any, ...]]] = {
    "file": ("file", _named("file_name")),
    "folder": ("folder", _named("file_name")),
    "media": ("video", _named("file_name")),
    "location": ("location", _named("name"), _coordinates),
    "share_calendar_event": _MEETING,
    "calendar": _MEETING,
    "general_calendar": _MEETING,
    "video_chat": ("video call", _named("topic"), _span),
    "todo": ("todo", _task, _due),
    "vote": ("vote", _named("topic"), _options),
    "share_chat": ("group card", _named("chat_id")),
    "share_user": ("contact card", _named("user_id")),
    "hongbao": ("red packet",),  # its text is always that
    "system": ("system", _told),
    "merge_forward": ("forwarded messages",),
}
"""What each is called, and where its details stand. Of the others there are none."""
