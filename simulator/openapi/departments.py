"""`contact/v3/departments`: get, batch, children (server-docs/contact-v3/department)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.openapi.errors import ApiError, bad_field
from simulator.openapi.fields import choice
from simulator.openapi.pages import page
from simulator.wire import json_response
from simulator.world.departments import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.world.departments import Department
    from simulator.world.world import World

PATH: Final = "/open-apis/contact/v3/departments"
ID_TYPES: Final = ("open_department_id", "department_id")
MOST: Final = 50


class Departments:
    """The tree of departments."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(PATH + "/batch", self.batch),
            web.get(PATH + "/{department_id}/children", self.children),
            web.get(PATH + "/{department_id}", self.get),
        ]

    async def get(self, request: web.Request) -> web.Response:
        department_id = request.match_info["department_id"]
        found = department_named(self._world, department_id, request.query)
        if found is None:
            raise _no_department()
        return _success({"department": self._described(found)})

    async def batch(self, request: web.Request) -> web.Response:
        """Return those of up to 50 that exist."""
        ids = request.query.getall("department_ids", [])
        if not 1 <= len(ids) <= MOST:
            raise bad_field("department_ids")
        found = (department_named(self._world, each, request.query) for each in ids)
        return _success({"items": [self._described(each) for each in found if each]})

    async def children(self, request: web.Request) -> web.Response:
        """Return the departments right below one, or with `fetch_child` all below it."""
        parent_id = request.match_info["department_id"]
        parent = department_named(self._world, parent_id, request.query)
        if parent is None and parent_id != ROOT:
            raise _no_department()
        above = ROOT if parent is None else parent.open_department_id
        deep = request.query.get("fetch_child") == "true"
        found = self._below(above, deep=deep)
        return _success(page(request.query, found, self._described, default=10, most=MOST))

    def _below(self, parent: str, *, deep: bool) -> list[Department]:
        found = [each for each in self._world.departments if each.parent == parent]
        if not deep:
            return found
        return [
            e for each in found for e in (each, *self._below(each.open_department_id, deep=True))
        ]

    def _described(self, department: Department) -> dict[str, Any]:
        members = len(self._world.users) if department == self._world.workplace else 0
        return {
            "name": department.name,
            "i18n_name": {"zh_cn": "", "ja_jp": "", "en_us": department.name},
            "parent_department_id": department.parent,
            "department_id": department.department_id,
            "open_department_id": department.open_department_id,
            "leader_user_id": "",
            "chat_id": "",
            "order": "0",
            "unit_ids": [],
            "member_count": members,
            "status": {"is_deleted": False},
            "leaders": [],
            "primary_member_count": members,
        }


def department_named(
    world: World, department_id: str, query: Mapping[str, str]
) -> Department | None:
    """Find a department by the kind of id that the call says it uses.

    Raises:
        ApiError: there is no such kind.
    """
    kind = choice(query, "department_id_type", ID_TYPES, ID_TYPES[0])
    return next((each for each in world.departments if getattr(each, kind) == department_id), None)


def _no_department() -> ApiError:
    return ApiError(40004, "no dept authority error")


def _success(data: dict[str, Any]) -> web.Response:
    return json_response({"code": 0, "msg": "success", "data": data})
