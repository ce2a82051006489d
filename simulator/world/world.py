"""The whole: one app and the people it talks with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.world.callback_tokens import CallbackTokens
from simulator.world.cards import Cards
from simulator.world.departments import make_departments
from simulator.world.files import Files
from simulator.world.messages import Messages
from simulator.world.people import USER_NAMES, ChatKind, make_group, make_p2p, make_user

if TYPE_CHECKING:
    from simulator.gateway.clock import Clock
    from simulator.ids import ChatId
    from simulator.world.departments import Department
    from simulator.world.people import App, Chat, User


class World:
    """One app, some users, a p2p chat for each of them, and the group `team` of all."""

    def __init__(self, app: App, clock: Clock, *, keep: int, people: int = 0) -> None:
        """`people` more there are, p1, p2 and so on, each with a chat; in the group are all."""
        self.app = app
        names = (*USER_NAMES, *(f"p{number}" for number in range(1, people + 1)))
        self.users: tuple[User, ...] = tuple(map(make_user, names))
        self.messages = Messages(keep)
        self.files = Files()
        self.callback_tokens = CallbackTokens(clock, keep)
        self.cards = Cards(app.app_id, self.messages, self.callback_tokens, clock, keep)
        chats = (*map(make_p2p, self.users), make_group("team", self.users))
        self.chats: dict[str, Chat] = {chat.chat_id: chat for chat in chats}
        self.departments: tuple[Department, ...] = make_departments()
        self.left: set[ChatId] = set()
        """The chats the bot was taken out of."""

    @property
    def workplace(self) -> Department:
        """Where everybody works."""
        return self.departments[0]

    def bot_is_in(self, chat: Chat) -> bool:
        return chat.chat_id not in self.left

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
