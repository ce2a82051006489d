"""A mailbox entry as it is shown to a person: read as far as it can be, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence

_LAST_MOMENT = 253_402_300_799.0  # the end of the year 9999; what is later is no time


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. What could not be read of it is None; `size` is in bytes.

    `received_at` is in Unix seconds. `content` is None unless it was asked for: the platform's
    bytes as they came, or all there is if it is no entry.
    """

    event_id: str | None
    event_type: str | None
    received_at: float | None
    size: int
    content: bytes | None


def entries_of(shown: Sequence[Any]) -> list[Entry]:
    """Read what `head.lua` shows of some mail: first line, size, all of it or None, ..."""
    return [_entry(*shown[i : i + 3]) for i in range(0, len(shown), 3)]


def received_at(head: bytes) -> float | None:
    """Return when the mail with this first line came, in Unix seconds, if it tells."""
    return _moment(fields_of(head).get("received_at"))


def fields_of(raw: bytes | None) -> dict[str, Any]:
    """Read a JSON object; what is none has no fields."""
    try:
        fields = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}


def text_of(value: object) -> str | None:
    """Return a field that is to be text, if it is."""
    return value if isinstance(value, str) else None


def _entry(head: bytes, size: int, whole: bytes | None) -> Entry:
    fields = fields_of(head)
    content = whole
    if whole is not None and fields:
        _, _, content = whole.partition(b"\n")
    return Entry(
        event_id=text_of(fields.get("event_id")),
        event_type=text_of(fields.get("event_type")),
        received_at=_moment(fields.get("received_at")),
        size=size,
        content=content,
    )


def _moment(value: object) -> float | None:
    if isinstance(value, (int, float)) and 0 <= value <= _LAST_MOMENT:
        return float(value)
    return None
