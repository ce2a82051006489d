"""`im/v1/chats`: list, get, members (server-docs/group/chat)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.openapi.errors import ApiError
from simulator.openapi.fields import choice
from simulator.openapi.pages import page
from simulator.openapi.users import ID_TYPES
from simulator.wire import json_response
from simulator.world.people import TENANT_KEY, ChatKind

if TYPE_CHECKING:
    from simulator.world.people import Chat, User
    from simulator.world.world import World

PATH: Final = "/open-apis/im/v1/chats"
PAGE: Final = 20
MOST: Final = 100


class Chats:
    """The groups the bot is in, and what they are like; a p2p chat can be asked for by id."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(PATH, self.listed),
            web.get(PATH + "/{chat_id}", self.get),
            web.get(PATH + "/{chat_id}/members", self.members),
        ]

    async def listed(self, request: web.Request) -> web.Response:
        kind = choice(request.query, "user_id_type", ID_TYPES, "open_id")
        found = [
            chat
            for chat in self._world.chats.values()
            if chat.kind is ChatKind.GROUP and self._world.bot_is_in(chat)
        ]
        return _success(
            page(
                request.query,
                found,
                lambda chat: {"chat_id": chat.chat_id, **self._described(chat, kind)},
                default=PAGE,
                most=MOST,
            )
        )

    async def get(self, request: web.Request) -> web.Response:
        kind = choice(request.query, "user_id_type", ID_TYPES, "open_id")
        chat = self._known(request)
        everybody = dict.fromkeys(
            ("add_member_permission", "at_all_permission", "edit_permission"), "all_members"
        )
        details = {
            **self._described(chat, kind),
            **everybody,
            "share_card_permission": "allowed",
            "user_manager_id_list": [],
            "bot_manager_id_list": [],
            "group_message_type": "chat",
            "chat_mode": "group" if chat.kind is ChatKind.GROUP else "p2p",
            "chat_type": "private",
            "chat_tag": "inner",
            "join_message_visibility": "all_members",
            "leave_message_visibility": "all_members",
            "membership_approval": "no_approval_required",
            "moderation_permission": "all_members",
            "user_count": str(len(chat.members)),
            "bot_count": "1",
        }
        return _success(details)

    async def members(self, request: web.Request) -> web.Response:
        """Return the users, as the platform does: bots are not listed."""
        kind = choice(request.query, "member_id_type", ID_TYPES, "open_id")
        users = self._users(self._known(request))

        def described(user: User) -> dict[str, str]:
            return {
                "member_id_type": kind,
                "member_id": getattr(user, kind),
                "name": user.name,
                "tenant_key": TENANT_KEY,
            }

        data = page(request.query, users, described, default=PAGE, most=MOST)
        return _success({**data, "member_total": len(users)})

    def _described(self, chat: Chat, kind: str) -> dict[str, Any]:
        owner = next(iter(self._users(chat)), None)
        return {
            "avatar": "",
            "name": chat.name if chat.kind is ChatKind.GROUP else "",
            "description": "",
            "owner_id": getattr(owner, kind, ""),
            "owner_id_type": kind,
            "external": False,
            "tenant_key": TENANT_KEY,
            "chat_status": "normal",
        }

    def _users(self, chat: Chat) -> list[User]:
        return [user for user in self._world.users if user.open_id in chat.members]

    def _known(self, request: web.Request) -> Chat:
        chat = self._world.chats.get(request.match_info["chat_id"])
        if chat is None:
            raise ApiError(232006, "Your request specifies a chat_id which is invalid.")
        if not self._world.bot_is_in(chat):
            raise ApiError(232011, "Operator can NOT be out of the chat.")
        return chat


def _success(data: dict[str, Any]) -> web.Response:
    return json_response({"code": 0, "msg": "success", "data": data})
