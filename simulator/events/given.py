"""Events someone wrote by hand, and events retouched on their way."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from simulator.events.event import CALLBACKS, Event
from simulator.ids import ChatId, EventId, MessageId, fresh_event_id

if TYPE_CHECKING:
    from collections.abc import Callable

FRACTIONAL = re.compile(r"[0-9]{10}\.[0-9]{1,9}")
WHOLE = re.compile(r"[0-9]{10,19}")
SECONDS_DIGITS = 10
"""A time of so many digits is in seconds; each three more are a thousandth."""
APPROVAL = "approval"
"""How the types of ordered events begin, in both generations (facts 2.2)."""


def given_event(payload: bytes) -> Event:
    """Wrap an event someone wrote: pushed as it is, but for an identity that is missing.

    An object with a `header` gets `header.event_id`, a v1 object its outer `uuid`; bytes that
    are neither are pushed untouched under an id that only the simulator knows.
    """
    body = _object(payload)
    holder, key = (None, "") if body is None else _identity(body)
    if body is None or holder is None:
        return Event(fresh_event_id(), payload)
    if key not in holder:
        holder[key] = fresh_event_id()
        payload = orjson.dumps(body)
    return _known(Event(EventId(str(holder[key])), payload), body)


def renamed(event: Event) -> Event:
    """Return the same event under a new identity (facts 2.1: it happens to messages)."""
    event_id = fresh_event_id()

    def rename(body: dict[str, Any]) -> None:
        holder, key = _identity(body)
        if holder is not None:
            holder[key] = event_id

    return replace(_retouched(event, rename), event_id=event_id)


def with_token(event: Event, token: str) -> bytes:
    """Return the payload with the app's Verification Token where a webhook has it (facts 6)."""

    def sign(body: dict[str, Any]) -> None:
        holder, _ = _identity(body)
        if holder is not None:
            holder["token"] = token

    return _retouched(event, sign).payload


def skewed(event: Event, seconds: float) -> Event:
    """Return the event as a platform would tell it whose clock is `seconds` ahead."""

    def skew(body: dict[str, Any]) -> None:
        event = body.get("event")
        message = event.get("message") if isinstance(event, dict) else None
        for holder in (body, body.get("header"), message):
            if isinstance(holder, dict):
                _skew(holder, seconds)

    return _retouched(event, skew)


def _skew(holder: dict[str, Any], seconds: float) -> None:
    for key in ("create_time", "update_time", "ts", "event_create_time"):
        told = holder.get(key)
        if not isinstance(told, str):
            continue
        if FRACTIONAL.fullmatch(told):
            holder[key] = f"{float(told) + seconds:.6f}"
        elif WHOLE.fullmatch(told):
            per_second = 10 ** (len(told) - SECONDS_DIGITS)
            holder[key] = str(int(told) + int(seconds * per_second))


def _retouched(event: Event, retouch: Callable[[dict[str, Any]], None]) -> Event:
    body = _object(event.payload)
    if body is None:
        return event
    retouch(body)
    return replace(event, payload=orjson.dumps(body))


def _object(payload: bytes) -> dict[str, Any] | None:
    try:
        body = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def _identity(body: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    header = body.get("header")
    if isinstance(header, dict):
        return header, "event_id"
    if "header" not in body and isinstance(body.get("event"), dict):
        return body, "uuid"
    return None, ""


def _known(event: Event, body: dict[str, Any]) -> Event:
    inner = body.get("event")
    inner = inner if isinstance(inner, dict) else {}
    message = inner.get("message")
    found = (message if isinstance(message, dict) else inner).get("message_id")
    header = body.get("header")
    kind = str((header if isinstance(header, dict) else {}).get("event_type") or inner.get("type"))
    chat_id = (message if isinstance(message, dict) else inner).get("chat_id")
    told = inner.get("object")
    instance = (told if isinstance(told, dict) else inner).get("instance_code")
    return replace(
        event,
        message_id=MessageId(found) if isinstance(found, str) and found else None,
        chat_id=ChatId(chat_id) if isinstance(chat_id, str) else None,
        event_type=kind,
        redelivered=kind not in CALLBACKS,
        line=str(instance) if instance and kind.startswith(APPROVAL) else None,
    )
