"""JSON that came over the wire: parsed forgivingly, and asked for what it must hold."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import orjson

from shared.errors import MalformedEvent

_ID: Final = re.compile(r"[A-Za-z0-9_.:=@+/-]{1,128}", re.ASCII)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def parsed(raw: bytes) -> Any:
    """Parse JSON as forgivingly as honesty allows: half a surrogate pair becomes U+FFFD.

    orjson refuses lone surrogates, and a user's broken emoji must not cost the message.

    Raises:
        MalformedEvent: `not_json`.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(raw, object_hook=_mended, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedEvent("not_json") from error


def object_of(value: object, reason: str) -> dict[str, Any]:
    """Return the value, which must be a JSON object.

    Raises:
        MalformedEvent: it is none; its reason is `reason`.
    """
    if not isinstance(value, dict):
        raise MalformedEvent(reason)
    return value


def id_of(value: object, name: str) -> str:
    """Return an id: ids become keys, log fields and task arguments, so none may need escaping.

    Raises:
        MalformedEvent: `no_<name>` or `bad_<name>`.
    """
    if not isinstance(value, str) or not value:
        raise MalformedEvent(f"no_{name}")
    if not _ID.fullmatch(value):
        raise MalformedEvent(f"bad_{name}")
    return value


def optional_id(value: object, name: str) -> str | None:
    """Return an id, or None for what is none."""
    try:
        return id_of(value, name)
    except MalformedEvent:
        return None


def content_of(content: object) -> dict[str, Any]:
    """`content` is JSON inside JSON; what cannot be read has no text, which is no fault."""
    if not isinstance(content, str):
        return {}
    try:
        inner = parsed(content.encode())
    except MalformedEvent:
        return {}
    return inner if isinstance(inner, dict) else {}


def _mended(given: dict[str, Any]) -> dict[str, Any]:
    return {_whole(key): _whole(value) for key, value in given.items()}


def _whole(value: Any) -> Any:
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)
