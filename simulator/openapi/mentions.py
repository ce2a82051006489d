"""`<at user_id="...">` in what the bot writes, turned into mentions (create_json, facts 8)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from simulator.world.messages import Mention

if TYPE_CHECKING:
    from simulator.world.people import User
    from simulator.world.world import World

AT: Final = re.compile(
    r"""<at\s+(?:user_id|id|email)\s*=\s*["']?([^"'>\s]{1,128})["']?\s*>(?:([^<]*)</at>)?"""
)
EVERYBODY: Final = "all"
EVERYBODY_KEY: Final = "@_all"


class Mentioned:
    """The mentions of one message, each person under one key."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_id: dict[str, Mention] = {}

    @property
    def all(self) -> tuple[Mention, ...]:
        return tuple(self._by_id.values())

    def key(self, user_id: str) -> str | None:
        """Return the key that stands for someone, or None if nobody has that id."""
        if user_id == EVERYBODY:
            return EVERYBODY_KEY
        found = self._found(user_id)
        if found is None:
            return None
        key = f"@_user_{len(self._by_id) + 1}"
        return self._by_id.setdefault(found.open_id, _with_key(found, key)).key

    def _found(self, user_id: str) -> Mention | None:
        app = self._world.app
        if user_id in (app.bot_open_id, app.bot_union_id):
            return Mention("", app.bot_name, app.bot_open_id, app.bot_union_id, "", "bot")
        user = self._world.user(user_id)
        return None if user is None or user.name == user_id else _mention(user)


def mentioning_text(text: str, world: World) -> tuple[str, tuple[Mention, ...]]:
    """Return a text with its tags replaced by keys, and the mentions behind them.

    A tag for nobody the platform knows becomes its own words.
    """
    mentioned = Mentioned(world)

    def shown(match: re.Match[str]) -> str:
        key = mentioned.key(match[1])
        return f"@{match[2] or ''}" if key is None else key

    return AT.sub(shown, text), mentioned.all


def mentioning_post(
    body: dict[str, Any], world: World
) -> tuple[dict[str, Any], tuple[Mention, ...]]:
    """Do to a post's `at` elements what is done to a text's tags."""
    mentioned = Mentioned(world)
    content = [[_element(each, mentioned) for each in line] for line in body["content"]]
    return {**body, "content": content}, mentioned.all


def _element(element: dict[str, Any], mentioned: Mentioned) -> dict[str, Any]:
    if element["tag"] != "at":
        return element
    key = mentioned.key(element["user_id"])
    if key is None:
        return element
    name = next((each.name for each in mentioned.all if each.key == key), "")
    return {**element, "user_id": key, "user_name": name}


def _mention(user: User) -> Mention:
    return Mention("", user.name, user.open_id, user.union_id, user.user_id, "user")


def _with_key(found: Mention, key: str) -> Mention:
    return Mention(key, found.name, found.open_id, found.union_id, found.user_id, found.kind)
