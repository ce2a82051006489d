"""The whole: one app and the people it talks with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.world.messages import Messages
from simulator.world.people import USER_NAMES, ChatKind, make_group, make_p2p, make_user

if TYPE_CHECKING:
    from simulator.world.people import App, Chat, User


class World:
    """One app, some users, a p2p chat for each of them, and the group `team` of all."""

    def __init__(self, app: App, *, keep: int) -> None:
        self.app = app
        self.users: tuple[User, ...] = tuple(make_user(name) for name in USER_NAMES)
        self.messages = Messages(keep)
        chats = (*map(make_p2p, self.users), make_group("team", self.users))
        self.chats: dict[str, Chat] = {chat.chat_id: chat for chat in chats}

    def user(self, name: str) -> User | None:
        """Find a user by name, open_id, union_id, user_id or email."""
        return next((user for user in self.users if user.answers_to(name)), None)

    def p2p_chat(self, user: User) -> Chat:
        return next(
            chat
            for chat in self.chats.values()
            if chat.kind is ChatKind.P2P and user.open_id in chat.members
        )

    def group(self, name: str) -> Chat | None:
        return next(
            (
                chat
                for chat in self.chats.values()
                if chat.kind is ChatKind.GROUP and chat.name == name
            ),
            None,
        )
