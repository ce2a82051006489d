"""What happens to chats and to who is in them (server-docs/group)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.events.asked import Asked, EventError, EventKind, ids
from simulator.events.envelopes import milliseconds, v1_event, v2_event
from simulator.world.people import TENANT_KEY, ChatKind, make_group

if TYPE_CHECKING:
    from simulator.events.event import Event
    from simulator.world.people import Chat, User

MOST_CHATS = 1_000
PERMISSIONS = {
    "add_member_permission": "all_members",
    "share_card_permission": "allowed",
    "at_all_permission": "all_members",
    "edit_permission": "all_members",
    "membership_approval": "no_approval_required",
    "join_message_visibility": "all_members",
    "leave_message_visibility": "all_members",
    "moderation_permission": "all_members",
    "group_message_type": "chat",
}


def _event(asked: Asked, kind: str, chat: Chat, user: User, body: dict[str, object]) -> Event:
    common = {
        "chat_id": chat.chat_id,
        "operator_id": ids(user),
        "external": False,
        "operator_tenant_key": TENANT_KEY,
    }
    return v2_event(asked.app, kind, {**common, **body}, chat_id=chat.chat_id)


def _named(chat: Chat) -> dict[str, object]:
    names = {"zh_cn": chat.name, "en_us": chat.name, "ja_jp": chat.name}
    return {"name": chat.name, "i18n_names": names}


def _group(asked: Asked) -> Chat:
    chat = asked.chat()
    if chat.kind is not ChatKind.GROUP:
        raise EventError("that is no group")
    return chat


def _bot_added(asked: Asked) -> Event:
    """Take the bot into a group, which is made if there is none of that name."""
    name, world = asked.text("chat"), asked.world
    chat = world.chats.get(name) or world.group(name)
    if chat is None:
        if len(world.chats) >= MOST_CHATS:
            raise EventError(f"{MOST_CHATS} chats are enough")
        chat = make_group(name, world.users)
        world.chats[chat.chat_id] = chat
    world.left.discard(chat.chat_id)
    return _event(asked, "im.chat.member.bot.added_v1", chat, asked.user(), _named(chat))


def _bot_deleted(asked: Asked) -> Event:
    chat = _group(asked)
    asked.world.left.add(chat.chat_id)
    return _event(asked, "im.chat.member.bot.deleted_v1", chat, asked.user(), _named(chat))


def _disbanded(asked: Asked) -> Event:
    chat = _group(asked)
    asked.world.left.add(chat.chat_id)
    return _event(asked, "im.chat.disbanded_v1", chat, asked.user(), _named(chat))


def _user_added(asked: Asked) -> Event:
    chat, member = _group(asked), asked.user("member")
    asked.world.chats[chat.chat_id] = replace(chat, members=chat.members | {member.open_id})
    return _event(asked, "im.chat.member.user.added_v1", chat, asked.user(), _moved(chat, member))


def _user_deleted(asked: Asked) -> Event:
    chat, member = _group(asked), asked.user("member")
    asked.world.chats[chat.chat_id] = replace(chat, members=chat.members - {member.open_id})
    return _event(asked, "im.chat.member.user.deleted_v1", chat, asked.user(), _moved(chat, member))


def _moved(chat: Chat, member: User) -> dict[str, object]:
    users = [{"name": member.name, "tenant_key": TENANT_KEY, "user_id": ids(member)}]
    return {**_named(chat), "users": users}


def _updated(asked: Asked) -> Event:
    """Rename a group; its id stays."""
    chat, user = _group(asked), asked.user()
    renamed = replace(chat, name=asked.text("name"))
    asked.world.chats[chat.chat_id] = renamed
    owner = {"owner_id": ids(user), "description": ""}
    body: dict[str, object] = {
        "before_change": {**PERMISSIONS, **owner, **_named(chat)},
        "after_change": {**PERMISSIONS, **owner, **_named(renamed)},
        "moderator_list": {"added_member_list": [], "removed_member_list": []},
    }
    return _event(asked, "im.chat.updated_v1", renamed, user, body)


def _entered(asked: Asked) -> Event:
    """Open the chat with the bot; the last message there is told if there is one."""
    user = asked.user()
    chat = asked.world.p2p_chat(user)
    body: dict[str, object] = {"chat_id": chat.chat_id, "operator_id": ids(user)}
    for last in asked.world.messages.newest(1, chat.chat_id):
        body["last_message_id"] = last.message_id
        body["last_message_create_time"] = milliseconds(last.created_at)
    kind = "im.chat.access_event.bot_p2p_chat_entered_v1"
    return v2_event(asked.app, kind, body, chat_id=chat.chat_id)


def _p2p_created(asked: Asked) -> Event:
    user = asked.user()
    chat = asked.world.p2p_chat(user)
    who = {"open_id": user.open_id, "user_id": user.user_id}
    body = {"chat_id": chat.chat_id, "operator": who, "user": {"name": user.name, **who}}
    return v1_event(asked.app, "p2p_chat_create", body, chat_id=chat.chat_id)


_GROUP = {"user": "alice", "chat": "team"}

KINDS = (
    EventKind("im.chat.member.bot.added_v1", "The bot is taken into a group", _GROUP, _bot_added),
    EventKind(
        "im.chat.member.bot.deleted_v1", "The bot is taken out of a group", _GROUP, _bot_deleted
    ),
    EventKind(
        "im.chat.member.user.added_v1",
        "A user joins a group",
        {**_GROUP, "member": "carol"},
        _user_added,
    ),
    EventKind(
        "im.chat.member.user.deleted_v1",
        "A user leaves a group",
        {**_GROUP, "member": "carol"},
        _user_deleted,
    ),
    EventKind(
        "im.chat.updated_v1", "A group is renamed", {**_GROUP, "name": "team, renamed"}, _updated
    ),
    EventKind("im.chat.disbanded_v1", "A group is dissolved", _GROUP, _disbanded),
    EventKind(
        "im.chat.access_event.bot_p2p_chat_entered_v1",
        "A user opens the chat with the bot",
        {"user": "alice"},
        _entered,
    ),
    EventKind(
        "p2p_chat_create",
        "v1: a user opens the chat with the bot for the first time",
        {"user": "alice"},
        _p2p_created,
    ),
)
