"""Events of every family, in the shapes of the platform's own pages."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from shared.model.ids import EventId
from shared.model.mail import Mail
from workers.handlers.events.reading import read_event

if TYPE_CHECKING:
    from workers.handlers.events import Event

_numbers = itertools.count(1)

ALICE = {"open_id": "ou_alice", "user_id": "alice", "union_id": "on_alice"}
TENANT = "114effbf324f175f"
USER = {
    **ALICE,
    "name": "Alice",
    "email": "alice@example.com",
    "department_ids": ["od-1"],
    "status": {"is_frozen": False, "is_resigned": False},
    "join_time": 1615381702,
    "orders": [{"department_id": "od-1", "is_primary_dept": True}],
}
DEPARTMENT = {
    "name": "Research",
    "department_id": "d1",
    "open_department_id": "od-1",
    "status": {"is_deleted": False},
    "leaders": [{"leaderType": 1, "leaderID": "ou_alice"}],
}
ACTION = {
    "operator": {"tenant_key": TENANT, **ALICE},
    "token": "c-1",
    "action": {"tag": "button", "name": "Approve", "value": {"action": "approve", "id": 7}},
    "host": "im_message",
    "context": {"open_message_id": "om_card", "open_chat_id": "oc_1"},
}


def v2(event_type: str, body: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Return an event of schema 2.0."""
    return {
        "schema": "2.0",
        "header": {
            "event_id": f"event-{next(_numbers)}",
            "event_type": event_type,
            "create_time": "1774004597520",
            "token": "",
            "app_id": "cli_0123456789abcdef",
            "tenant_key": TENANT,
            **header,
        },
        "event": body,
    }


def v1(event_type: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return an event of the first generation."""
    return {
        "ts": "1502199207.7171419",
        "uuid": f"uuid-{next(_numbers)}",
        "token": "token",
        "type": "event_callback",
        "event": {
            "type": event_type,
            "app_id": "cli_0123456789abcdef",
            "tenant_key": TENANT,
            **body,
        },
    }


def v1_message(text: str, **fields: Any) -> dict[str, Any]:
    """Return a `message` event as it was captured."""
    return v1(
        "message",
        {
            "chat_type": "private",
            "is_mention": False,
            "message_id": "",
            "msg_type": "text",
            "open_chat_id": "oc_1",
            "open_id": "ou_alice",
            "open_message_id": "om_v1",
            "parent_id": "",
            "root_id": "",
            "text": text,
            "text_without_at_bot": text,
            "union_id": "on_alice",
            "user_open_id": "ou_alice",
            **fields,
        },
    )


def mail_of(raw: dict[str, Any]) -> Mail:
    """Return an event as it lies in a mailbox."""
    header = raw.get("header", {})
    event_id = header.get("event_id") or raw["uuid"]
    event_type = header.get("event_type") or raw["event"]["type"]
    return Mail(EventId(event_id), event_type, "trace", 0.0, json.dumps(raw).encode())


def read(raw: dict[str, Any]) -> Event:
    return read_event(mail_of(raw))
