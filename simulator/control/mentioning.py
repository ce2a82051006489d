"""`@name` in what a user writes, turned into the mentions an event has."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from simulator.world.messages import Mention

if TYPE_CHECKING:
    from simulator.world.people import App, User
    from simulator.world.world import World

BOT_ALIAS: Final = "bot"
EVERYBODY: Final = "all"
EVERYBODY_KEY: Final = "@_all"


class Mentioning:
    """Knows whom a name means: every user, the bot by its name or as `@bot`, `@all`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._learn(world.users)

    def in_text(self, text: str) -> tuple[str, tuple[Mention, ...]]:
        """Return the text with keys for names, and the mentions behind them."""
        if "@" not in text:
            return text, ()
        if self._users is not self._world.users:  # somebody has come or gone
            self._learn(self._world.users)
        mentions: list[Mention] = []
        return self._at.sub(lambda match: self._key(match[1], mentions), text), tuple(mentions)

    def in_post(
        self, lines: list[list[dict[str, Any]]]
    ) -> tuple[list[list[dict[str, Any]]], tuple[Mention, ...]]:
        """Do the same to a post: to its texts, and to `at` elements whose `user_id` is a name."""
        mentions: list[Mention] = []
        if self._users is not self._world.users:
            self._learn(self._world.users)
        named = [
            [part for each in line for part in self._elements(each, mentions)] for line in lines
        ]
        return named, tuple(mentions)

    def _elements(self, element: dict[str, Any], mentions: list[Mention]) -> list[dict[str, Any]]:
        tag, name, text = element.get("tag"), element.get("user_id"), element.get("text")
        if tag == "at" and isinstance(name, str) and (name in self._mentioned or name == EVERYBODY):
            return [{"style": [], **element, **self._at_element(name, mentions)}]
        if tag != "text" or not isinstance(text, str):
            return [element]
        # What is between the names stands at the even places.
        pieces = enumerate(self._at.split(text))
        return [
            {"tag": "at", **self._at_element(piece, mentions), "style": []}
            if place % 2
            else {**element, "text": piece}
            for place, piece in pieces
            if piece
        ]

    def _at_element(self, name: str, mentions: list[Mention]) -> dict[str, Any]:
        return {"user_id": self._key(name, mentions), "user_name": ""}

    def _key(self, name: str, mentions: list[Mention]) -> str:
        if name == EVERYBODY:
            return EVERYBODY_KEY
        key = f"@_user_{len(mentions) + 1}"
        mentions.append(replace(self._mentioned[name], key=key))
        return key

    def _learn(self, users: tuple[User, ...]) -> None:
        self._users = users
        self._mentioned = _mentionable(self._world.app, users)
        # The longest first, or `@Dora Smith` would mention Dora.
        names = sorted((*self._mentioned, EVERYBODY), key=len, reverse=True)
        either = "|".join(map(re.escape, names))
        self._at = re.compile(rf"(?<![A-Za-z0-9_.])@({either})(?![A-Za-z0-9_])")


def _mentionable(app: App, users: tuple[User, ...]) -> dict[str, Mention]:
    """Return whom `@name` means, as mentions that only lack their key."""
    bot = Mention("", app.bot_name, app.bot_open_id, app.bot_union_id, "", "bot")
    people = {
        user.name: Mention("", user.name, user.open_id, user.union_id, user.user_id, "user")
        for user in users
    }
    return {**people, BOT_ALIAS: bot, app.bot_name: bot}
