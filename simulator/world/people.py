"""The app, the users and the chats.

Their ids are derived from their names, so a restarted simulator has the same people in the
same chats and a bot's stored conversations still mean something.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from simulator.ids import AppId, ChatId, OpenId

TENANT_KEY = "15a1c8e25f0f175e"
USER_NAMES = ("alice", "bob", "carol")


class ChatKind(StrEnum):
    """`chat_type` of an event."""

    P2P = "p2p"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class App:
    """A self-built app and its bot. The platform's app ids are `cli_` and 16 hex digits."""

    app_id: AppId
    app_secret: str
    bot_name: str
    bot_open_id: OpenId
    bot_union_id: str


@dataclass(frozen=True, slots=True)
class User:
    name: str
    open_id: OpenId
    union_id: str
    user_id: str
    email: str

    def answers_to(self, name: str) -> bool:
        """Tell whether `name` is this user's name or any of the ids."""
        return name in (self.name, self.open_id, self.union_id, self.user_id, self.email)


@dataclass(frozen=True, slots=True)
class Chat:
    """The bot is in every chat; `members` are the users."""

    chat_id: ChatId
    kind: ChatKind
    name: str
    members: frozenset[OpenId]


def digest(name: str, length: int) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:length]


def make_app(app_id: str, app_secret: str, bot_name: str) -> App:
    return App(
        app_id=AppId(app_id),
        app_secret=app_secret,
        bot_name=bot_name,
        bot_open_id=OpenId("ou_" + digest(f"open:{app_id}", 32)),
        bot_union_id="on_" + digest(f"union:{app_id}", 32),
    )


def make_user(name: str) -> User:
    return User(
        name=name,
        open_id=OpenId("ou_" + digest(f"open:{name}", 32)),
        union_id="on_" + digest(f"union:{name}", 32),
        user_id=digest(f"user:{name}", 8),
        email=f"{name}@example.com",
    )


def make_p2p(user: User) -> Chat:
    chat_id = ChatId("oc_" + digest(f"p2p:{user.name}", 32))
    return Chat(chat_id, ChatKind.P2P, user.name, frozenset({user.open_id}))


def make_group(name: str, members: tuple[User, ...]) -> Chat:
    chat_id = ChatId("oc_" + digest(f"group:{name}", 32))
    return Chat(chat_id, ChatKind.GROUP, name, frozenset(user.open_id for user in members))
