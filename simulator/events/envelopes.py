"""The two envelopes an event comes in (facts 2.3)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import orjson

from simulator.events.event import CALLBACKS, Event
from simulator.ids import fresh_event_id
from simulator.world.people import TENANT_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.ids import ChatId, EventId, MessageId
    from simulator.world.people import App

MILLISECOND = 1_000
MICROSECOND = 1_000_000


def v2_event(
    app: App,
    event_type: str,
    body: Mapping[str, object],
    *,
    event_id: EventId | None = None,
    at: float | None = None,
    message_id: MessageId | None = None,
    chat_id: ChatId | None = None,
) -> Event:
    """Wrap `body` in schema 2.0. `at` is seconds since the epoch; now if not given.

    `token` is empty, as it is over the long connection (facts 1.5); a webhook puts its own in.
    `create_time` is in milliseconds for events and in microseconds for callbacks.
    """
    event_id = event_id or fresh_event_id()
    per_second = MICROSECOND if event_type in CALLBACKS else MILLISECOND
    header = {
        "event_id": event_id,
        "token": "",
        "create_time": str(int((time.time() if at is None else at) * per_second)),
        "event_type": event_type,
        "tenant_key": TENANT_KEY,
        "app_id": app.app_id,
    }
    return Event(
        event_id,
        orjson.dumps({"schema": "2.0", "header": header, "event": body}),
        message_id,
        redelivered=event_type not in CALLBACKS,
        event_type=event_type,
        chat_id=chat_id,
    )


def v1_event(
    app: App,
    event_type: str,
    body: Mapping[str, object],
    *,
    event_id: EventId | None = None,
    at: float | None = None,
    message_id: MessageId | None = None,
    chat_id: ChatId | None = None,
    line: str | None = None,
) -> Event:
    """Wrap `body` in the older envelope, whose identity is the outer `uuid`."""
    event_id = event_id or fresh_event_id()
    whole = {
        "ts": f"{time.time() if at is None else at:.6f}",
        "uuid": event_id,
        "token": "",
        "type": "event_callback",
        "event": {"app_id": app.app_id, "tenant_key": TENANT_KEY, "type": event_type, **body},
    }
    return Event(
        event_id,
        orjson.dumps(whole),
        message_id,
        event_type=event_type,
        chat_id=chat_id,
        line=line,
    )


def milliseconds(seconds: float) -> str:
    return str(int(seconds * MILLISECOND))
