"""People and departments who come, change and go (server-docs/contact-v3)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from simulator.events.asked import Asked, EventError, EventKind, ids
from simulator.events.envelopes import v2_event
from simulator.world.departments import Department, make_department
from simulator.world.people import digest, make_p2p

if TYPE_CHECKING:
    from simulator.events.event import Event
    from simulator.world.people import User

MOST_USERS = 1_000
MOST_DEPARTMENTS = 1_000


def _user(asked: Asked, user: User) -> dict[str, object]:
    """Describe a user as contact events do; what the world does not know is made up."""
    department = asked.world.departments[0].open_department_id
    avatar = f"https://example.com/avatars/{user.open_id}"
    return {
        **ids(user),
        "name": user.name,
        "en_name": user.name,
        "nickname": "",
        "email": user.email,
        "enterprise_email": user.email,
        "job_title": asked.text("job_title"),
        "mobile": "+86138" + digest_digits(user.name, 8),
        "gender": 0,
        "avatar": {f"avatar_{size}": avatar for size in ("72", "240", "640", "origin")},
        "status": {
            "is_frozen": False,
            "is_resigned": False,
            "is_activated": True,
            "is_exited": False,
            "is_unjoin": False,
        },
        "department_ids": [department],
        "leader_user_id": asked.world.users[0].open_id,
        "city": "",
        "country": "CN",
        "work_station": "",
        "join_time": int(time.time()),
        "employee_no": user.user_id,
        "employee_type": 1,
        "orders": [
            {
                "department_id": department,
                "user_order": 0,
                "department_order": 0,
                "is_primary_dept": True,
            }
        ],
        "custom_attrs": [],
    }


def digest_digits(name: str, length: int) -> str:
    return str(int(digest(f"digits:{name}", 16), 16))[:length]


def _created(asked: Asked) -> Event:
    """Have somebody join the company, who can be talked to from then on."""
    world, user = asked.world, asked.anybody()
    if world.user(user.name) is None:
        if max(len(world.users), len(world.chats)) >= MOST_USERS:
            raise EventError(f"{MOST_USERS} users are enough")
        world.users = (*world.users, user)
        chat = make_p2p(user)
        world.chats[chat.chat_id] = chat
        world.left.discard(chat.chat_id)
    return v2_event(asked.app, "contact.user.created_v3", {"object": _user(asked, user)})


def _updated(asked: Asked) -> Event:
    """Change somebody's job title; `old_object` holds what it was."""
    described = _user(asked, asked.user("name"))
    body = {"object": described, "old_object": {"job_title": asked.text("old_job_title")}}
    return v2_event(asked.app, "contact.user.updated_v3", body)


def _deleted(asked: Asked) -> Event:
    """Have somebody leave: the bot can reach nobody of that name any more."""
    world, user = asked.world, asked.user("name")
    if user == world.users[0]:
        raise EventError(f"{user.name} runs the company, and stays")
    described = _user(asked, user)
    old = {"department_ids": described.pop("department_ids"), "open_id": user.open_id}
    world.users = tuple(each for each in world.users if each != user)
    world.left.add(world.p2p_chat(user).chat_id)
    body = {"object": described, "old_object": old}
    return v2_event(asked.app, "contact.user.deleted_v3", body)


def _department(asked: Asked, department: Department) -> dict[str, object]:
    leader = asked.world.users[0]
    return {
        "name": department.name,
        "parent_department_id": department.parent,
        "department_id": department.department_id,
        "open_department_id": department.open_department_id,
        "leader_user_id": leader.open_id,
        "chat_id": "",
        "order": 0,
        "status": {"is_deleted": False},
        "leaders": [{"leaderType": 1, "leaderID": leader.open_id}],
        "department_hrbps": [],
    }


def _known(asked: Asked) -> Department | None:
    name = asked.text("name")
    return next((each for each in asked.world.departments if each.name == name), None)


def _department_created(asked: Asked) -> Event:
    world, department = asked.world, _known(asked)
    if department is None:
        if len(world.departments) >= MOST_DEPARTMENTS:
            raise EventError(f"{MOST_DEPARTMENTS} departments are enough")
        department = make_department(asked.text("name"))
        world.departments = (*world.departments, department)
    body = {"object": _department(asked, department)}
    return v2_event(asked.app, "contact.department.created_v3", body)


def _existing(asked: Asked) -> Department:
    department = _known(asked)
    if department is None:
        raise EventError(f"there is no department {asked.text('name')!r}")
    return department


def _department_updated(asked: Asked) -> Event:
    described = _department(asked, _existing(asked))
    old = {**described, "order": 100}
    body = {"object": described, "old_object": old}
    return v2_event(asked.app, "contact.department.updated_v3", body)


def _department_deleted(asked: Asked) -> Event:
    department = _existing(asked)
    if department == asked.world.departments[0]:
        raise EventError(f"everybody works in {department.name}, and it stays")
    asked.world.departments = tuple(each for each in asked.world.departments if each != department)
    described = {**_department(asked, department), "status": {"is_deleted": True}}
    old = {
        "status": {"is_deleted": False},
        "open_department_id": department.open_department_id,
    }
    body = {"object": described, "old_object": old}
    return v2_event(asked.app, "contact.department.deleted_v3", body)


_PERSON = {"name": "Dora", "job_title": "Engineer"}
_PLATFORM = {"name": "Platform"}

KINDS = (
    EventKind("contact.user.created_v3", "Somebody joins the company", _PERSON, _created),
    EventKind(
        "contact.user.updated_v3",
        "Somebody gets another job title",
        {"name": "alice", "job_title": "Architect", "old_job_title": "Engineer"},
        _updated,
    ),
    EventKind(
        "contact.user.deleted_v3",
        "Somebody leaves the company",
        {"name": "carol", "job_title": "Engineer"},
        _deleted,
    ),
    EventKind(
        "contact.department.created_v3",
        "A department is founded",
        {"name": "Research"},
        _department_created,
    ),
    EventKind(
        "contact.department.updated_v3", "A department changes", _PLATFORM, _department_updated
    ),
    EventKind(
        "contact.department.deleted_v3",
        "A department is dissolved",
        _PLATFORM,
        _department_deleted,
    ),
)
