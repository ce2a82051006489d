"""`contact/v3/users`: get, batch, batch_get_id, of a department (server-docs/contact-v3/user)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.openapi.departments import department_named
from simulator.openapi.errors import ApiError, bad_field
from simulator.openapi.fields import choice
from simulator.openapi.pages import page
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.world.people import User
    from simulator.world.world import World

PATH: Final = "/open-apis/contact/v3/users"
ID_TYPES: Final = ("open_id", "union_id", "user_id")
MOST: Final = 50
JOINED: Final = 1_609_430_400
"""The start of 2021, for everybody."""


class Users:
    """The people of the tenant, all of them within the app's scope."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(PATH + "/batch", self.batch),
            web.get(PATH + "/find_by_department", self.of_department),
            web.post(PATH + "/batch_get_id", self.ids),
            web.get(PATH + "/{user_id}", self.get),
        ]

    async def get(self, request: web.Request) -> web.Response:
        found = self._found(request.match_info["user_id"], id_type(request.query))
        if found is None:
            raise ApiError(41050, "no user authority error")
        return _success({"user": self._described(found, request.query)})

    async def batch(self, request: web.Request) -> web.Response:
        """Return those of up to 50 that exist."""
        ids = request.query.getall("user_ids", [])
        if not 1 <= len(ids) <= MOST:
            raise bad_field("user_ids")
        kind = id_type(request.query)
        found = [user for user in (self._found(each, kind) for each in ids) if user]
        return _success({"items": [self._described(user, request.query) for user in found]})

    async def of_department(self, request: web.Request) -> web.Response:
        """Return who is in a department itself, not in those below it."""
        department_id = request.query.get("department_id", "")
        department = department_named(self._world, department_id, request.query)
        works_here = department is not None and department == self._world.workplace
        users = self._world.users if works_here else ()
        data = page(
            request.query,
            users,
            lambda user: self._described(user, request.query),
            default=10,
            most=MOST,
        )
        return _success(data)

    async def ids(self, request: web.Request) -> web.Response:
        """Turn e-mail addresses into ids; nobody here has a telephone."""
        asked = await json_object(request)
        kind = id_type(request.query)
        emails, mobiles = _strings(asked, "emails"), _strings(asked, "mobiles")
        found: list[dict[str, str]] = []
        for email in emails:
            user = next((each for each in self._world.users if each.email == email), None)
            found.append({"email": email} if user is None else _identified(user, kind))
        found += [{"mobile": mobile} for mobile in mobiles]
        return _success({"user_list": found})

    def _found(self, user_id: str, kind: str) -> User | None:
        return next((each for each in self._world.users if getattr(each, kind) == user_id), None)

    def _described(self, user: User, query: Mapping[str, str]) -> dict[str, Any]:
        department = self._world.workplace
        by_id = query.get("department_id_type") == "department_id"
        works_in = department.department_id if by_id else department.open_department_id
        return described_user(user, works_in)


def id_type(query: Mapping[str, str]) -> str:
    """Return the `user_id_type` asked for.

    Raises:
        ApiError: there is no such type.
    """
    return choice(query, "user_id_type", ID_TYPES, "open_id")


def described_user(user: User, department_id: str) -> dict[str, Any]:
    """Return a user as an app with every contact scope sees one."""
    sizes = ("avatar_72", "avatar_240", "avatar_640", "avatar_origin")
    return {
        "union_id": user.union_id,
        "user_id": user.user_id,
        "open_id": user.open_id,
        "name": user.name,
        "en_name": user.name,
        "nickname": "",
        "email": user.email,
        "mobile_visible": False,
        "gender": 0,
        "avatar": dict.fromkeys(sizes, ""),
        "status": {
            "is_frozen": False,
            "is_resigned": False,
            "is_activated": True,
            "is_exited": False,
            "is_unjoin": False,
        },
        "department_ids": [department_id],
        "leader_user_id": "",
        "city": "",
        "country": "",
        "work_station": "",
        "join_time": JOINED,
        "is_tenant_manager": False,
        "employee_no": user.user_id,
        "employee_type": 1,
        "orders": [
            {"department_id": department_id, "user_order": 0, "department_order": 0},
        ],
        "job_title": "",
        "description": "",
        "enterprise_email": "",
    }


def _identified(user: User, kind: str) -> dict[str, str]:
    return {"email": user.email, "user_id": getattr(user, kind)}


def _strings(asked: dict[str, Any], field: str) -> list[str]:
    given = asked.get(field) or []
    if not isinstance(given, list) or len(given) > MOST:
        raise bad_field(field)
    if not all(isinstance(each, str) for each in given):
        raise bad_field(field)
    return given


def _success(data: dict[str, Any]) -> web.Response:
    return json_response({"code": 0, "msg": "success", "data": data})
