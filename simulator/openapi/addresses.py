"""Whom a message goes to: `receive_id` and its type (im-v1/message/create)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulator.openapi.errors import bad_field, not_in_chat, user_not_in_scope
from simulator.openapi.fields import text_field
from simulator.world.people import ChatKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.limits.limits import Limits
    from simulator.world.people import Chat
    from simulator.world.world import World

USER_ID_TYPES: Final = ("open_id", "union_id", "user_id", "email")


def addressed(world: World, query: Mapping[str, str], asked: Mapping[str, Any]) -> Chat:
    """Return the chat named, or the named user's p2p chat with the bot.

    Raises:
        ApiError: 99992402 no such type, 230002 no such chat, 230013 no such user.
    """
    receive_id = text_field(asked, "receive_id")
    receive_id_type = query.get("receive_id_type")
    if receive_id_type == "chat_id":
        return reachable(world, receive_id)
    if receive_id_type not in USER_ID_TYPES:
        raise bad_field("receive_id_type")
    for user in world.users:
        if getattr(user, receive_id_type) == receive_id:
            return world.p2p_chat(user)
    raise user_not_in_scope()


def reachable(world: World, chat_id: str) -> Chat:
    """Return a chat the bot may write to.

    Raises:
        ApiError: 230002 it is in no such group, 230013 the user of a p2p chat has left.
    """
    chat = world.chats.get(chat_id)
    if chat is None:
        raise not_in_chat()
    if not world.bot_is_in(chat):
        raise not_in_chat() if chat.kind is ChatKind.GROUP else user_not_in_scope()
    return chat


def limit_to(limits: Limits, chat: Chat) -> None:
    """Let a message into a chat, by its user's limit or by the group's.

    Raises:
        ApiError: 230020, too many this second.
    """
    if chat.kind is ChatKind.GROUP:
        limits.group(chat.chat_id)
    else:
        limits.user(next(iter(chat.members)))
