"""What was asked for when an event is fired by name: its parameters, and the world they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.ids import MessageId
from simulator.world.people import ChatKind, make_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.events.event import Event
    from simulator.world.messages import Message
    from simulator.world.people import App, Chat, User
    from simulator.world.world import World


class EventError(ValueError):
    """There is no such event, or not with these parameters in this world."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one event, with the defaults of its kind filled in."""

    world: World
    parameters: Mapping[str, Any]

    @property
    def app(self) -> App:
        return self.world.app

    def text(self, name: str) -> str:
        found = self.parameters[name]
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            raise EventError(f"{name} must be a string")
        return str(found)

    def given(self, name: str) -> bool:
        return self.parameters[name] not in ("", None)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        found = self.text(name)
        if found not in allowed:
            raise EventError(f"{name} must be one of {', '.join(allowed)}")
        return found

    def user(self, name: str = "user") -> User:
        """Return a user of the world."""
        found = self.world.user(self.text(name))
        if found is None:
            raise EventError(f"there is no user {self.text(name)!r}")
        return found

    def anybody(self, name: str = "name") -> User:
        """Return a user of the world, or one who would have that name."""
        return self.world.user(self.text(name)) or make_user(self.text(name))

    def chat(self, user: User | None = None, name: str = "chat") -> Chat:
        """Return a chat by id or by a group's name; `p2p` is the user's own with the bot."""
        wanted = self.text(name)
        if wanted == ChatKind.P2P and user is not None:
            return self.world.p2p_chat(user)
        found = self.world.chats.get(wanted) or self.world.group(wanted)
        if found is None:
            raise EventError(f"there is no chat {wanted!r}")
        return found

    def message(self, wanted: Callable[[Message], bool] | None = None) -> Message:
        """Return a message by its id; without one the newest there is, of those wanted."""
        if self.given("message_id"):
            found = self.world.messages.get(MessageId(self.text("message_id")))
        else:
            newest = self.world.messages.newest(len(self.world.messages))
            found = next((each for each in newest[::-1] if wanted is None or wanted(each)), None)
        if found is None:
            raise EventError("there is no such message")
        return found


@dataclass(frozen=True, slots=True)
class EventKind:
    """`parameters` are the defaults; one whose default is empty may be left out.

    `make` may change the world: who joined is there afterwards.
    """

    name: str
    means: str
    parameters: Mapping[str, Any]
    make: Callable[[Asked], Event]

    def event(self, world: World, given: Mapping[str, Any]) -> Event:
        """Build the event.

        Raises:
            EventError: a parameter is unknown, malformed, or names what is not there.
        """
        unknown = set(given) - set(self.parameters)
        if unknown:
            known = ", ".join(self.parameters)
            raise EventError(f"{self.name} has no {', '.join(sorted(unknown))}; it has {known}")
        return self.make(Asked(world, {**self.parameters, **given}))


def ids(user: User) -> dict[str, str]:
    """Return the three ids, as events name a user."""
    return {"union_id": user.union_id, "user_id": user.user_id, "open_id": user.open_id}
