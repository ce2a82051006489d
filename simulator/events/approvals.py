"""Approvals: the v1 events most tenants get, and those of schema 2.0 (server-docs/approval-v4).

All are ordered per instance (facts 2.2).
"""

from __future__ import annotations

import secrets
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from simulator.events.asked import Asked, EventKind, ids
from simulator.events.envelopes import milliseconds, v1_event, v2_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.events.event import Event

INSTANCE_STATUSES = (
    "PENDING",
    "APPROVED",
    "REJECTED",
    "CANCELED",
    "DELETED",
    "REVERTED",
    "OVERTIME_CLOSE",
    "OVERTIME_RECOVER",
)
TASK_STATUSES = (
    "PENDING",
    "APPROVED",
    "REJECTED",
    "TRANSFERRED",
    "ROLLBACK",
    "DONE",
    "OVERTIME_CLOSE",
    "OVERTIME_RECOVER",
)
APPROVAL_CODE = "7C468A54-8745-2245-9675-08B7C63E7A85"


def _instance_code(asked: Asked) -> str:
    return asked.text("instance_code") or str(uuid.uuid4()).upper()


def _instance(asked: Asked) -> Event:
    """Change an instance's status; the inner `uuid` has nothing to do with the event's own."""
    instance_code, now = _instance_code(asked), milliseconds(time.time())
    status = asked.one_of("status", INSTANCE_STATUSES)
    body = {
        "approval_code": asked.text("approval_code"),
        "instance_code": instance_code,
        "status": status,
        # A number for this one status alone, as the page of the event warns.
        "operate_time": int(now) if status == "REVERTED" else now,
        "instance_operate_time": now,
        "uuid": secrets.token_hex(4),
    }
    return v1_event(asked.app, "approval_instance", body, line=instance_code)


def _task(asked: Asked) -> Event:
    instance_code, user = _instance_code(asked), asked.user()
    body = {
        "open_id": user.open_id,
        "approval_code": asked.text("approval_code"),
        "instance_code": instance_code,
        "task_id": asked.text("task_id"),
        "user_id": user.user_id,
        "status": asked.one_of("status", TASK_STATUSES),
        "operate_time": milliseconds(time.time()),
        "custom_key": "",
        "def_key": secrets.token_hex(16),
        "extra": "{}",
    }
    return v1_event(asked.app, "approval_task", body, line=instance_code)


def _copied(asked: Asked) -> Event:
    instance_code, user = _instance_code(asked), asked.user()
    body = {
        "approval_code": asked.text("approval_code"),
        "instance_code": instance_code,
        "id": asked.text("task_id"),
        "user_id": user.user_id,
        "create_time": int(time.time() * 1000),
        "operate": "CREATE",
        "from": asked.world.users[0].user_id,
    }
    return v1_event(asked.app, "approval_cc", body, line=instance_code)


def _instance_v4(asked: Asked) -> Event:
    instance_code, user = _instance_code(asked), asked.user()
    body = {
        "approval_code": asked.text("approval_code"),
        "instance_code": instance_code,
        "external_id": "",
        "status": asked.one_of("status", INSTANCE_STATUSES),
        "operate_time": milliseconds(time.time()),
        "start_user": ids(user),
        "subscriber_id_list": [ids(user)],
    }
    event = v2_event(asked.app, "approval.instance.status_changed_v4", body)
    return replace(event, line=instance_code)


def _task_v4(asked: Asked) -> Event:
    instance_code, user = _instance_code(asked), asked.user()
    body = {
        "approval_code": asked.text("approval_code"),
        "instance_code": instance_code,
        "task_id": asked.text("task_id"),
        "task_external_id": "",
        "assigned_user": ids(user),
        "status": asked.one_of("status", TASK_STATUSES),
        "operate_time": milliseconds(time.time()),
        "subscriber_id_list": [ids(user)],
    }
    event = v2_event(asked.app, "approval.task.status_changed_v4", body)
    return replace(event, line=instance_code)


def _remedy(asked: Asked) -> Event:
    """Correct attendance; this family's header says `event_create_time`, in seconds."""
    instance_code, now = _instance_code(asked), int(time.time())
    changed = {
        "type": "remedy_approval_v2",
        "instance_code": instance_code,
        "employee_id": asked.user().user_id,
        "start_time": now - 60,
        "end_time": now,
        "remedy_time": now,
        "remedy_reason": "",
        "status": asked.one_of("status", INSTANCE_STATUSES),
    }
    return _special(asked, "approval.instance.remedy_group_update_v4", changed, instance_code)


def _trip(asked: Asked) -> Event:
    instance_code, user, now = _instance_code(asked), asked.user(), int(time.time())
    schedule = {
        "trip_start_time": "2026-08-25 12:00:00",
        "trip_end_time": "2026-09-01 00:00:00",
        "trip_interval": "561600",
        "departure": "北京",
        "destination": "上海",
        "destination_ids": [],
        "transportation": "飞机",
        "trip_type": "往返",
        "remark": "",
    }
    changed = {
        "type": asked.one_of("status", INSTANCE_STATUSES),
        "instance_code": instance_code,
        "start_user": {"id": ids(user)},
        "start_time": str(now - 60),
        "end_time": str(now),
        "schedules": [schedule],
        "trip_interval": "561600",
        "trip_reason": "",
        "trip_peers": [],
    }
    return _special(asked, "approval.instance.trip_group_update_v4", changed, instance_code)


def _special(asked: Asked, kind: str, changed: Mapping[str, object], instance_code: str) -> Event:
    event = v2_event(asked.app, kind, {"object": changed})
    body = orjson.loads(event.payload)
    body["header"]["event_create_time"] = f"{int(body['header'].pop('create_time')) / 1000:.6f}"
    return replace(event, payload=orjson.dumps(body), line=instance_code)


_INSTANCE = {
    "approval_code": APPROVAL_CODE,
    "instance_code": "",
    "status": "APPROVED",
}
_TASK = {**_INSTANCE, "user": "alice", "task_id": "7301234567890123456"}
_COPIED = {key: value for key, value in _TASK.items() if key != "status"}
_V2 = {**_INSTANCE, "user": "alice"}
_SPECIAL = {key: value for key, value in _V2.items() if key != "approval_code"}

KINDS = (
    EventKind("approval_instance", "v1: an approval is decided", _INSTANCE, _instance),
    EventKind("approval_task", "v1: one approver has decided", _TASK, _task),
    EventKind("approval_cc", "v1: an approval is copied to somebody", _COPIED, _copied),
    EventKind("approval.instance.status_changed_v4", "An approval is decided", _V2, _instance_v4),
    EventKind("approval.task.status_changed_v4", "One approver has decided", _TASK, _task_v4),
    EventKind(
        "approval.instance.remedy_group_update_v4", "Attendance is corrected", _SPECIAL, _remedy
    ),
    EventKind(
        "approval.instance.trip_group_update_v4", "A business trip is decided", _SPECIAL, _trip
    ),
)
