"""Finding the errand that a message sends the bot on."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workers.handlers.errand import Done, Errand
from workers.handlers.hearing import ALLOW, DENY
from workers.policy.words import ADMINS_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared.model.ids import OpenId
    from shared.model.message import MessageReceived
    from workers.handlers.commands.command import Command
    from workers.handlers.message_turn import MessageTurn
    from workers.policy.policy import Policy

_COMMAND: Final = re.compile(r"/([a-zA-Z][\w-]*)(?:\s+(.*))?", re.DOTALL)
_ALIKE: Final = 0.75
_UNKNOWN: Final = {
    "en": "I know no `/{}`. Did you mean `/{}`? `/help` shows them all.",
    "zh": "没有 `/{}` 这个命令，你是想用 `/{}` 吗？`/help` 查看全部命令。",
}


@dataclass(frozen=True, slots=True)
class Errands:
    """Commands that are said to the bot; and what else the team's handlers listen for."""

    commands: Mapping[str, Command]
    listening: Callable[[MessageReceived, OpenId], Errand | None]
    policy: Policy

    def __call__(self, message: MessageReceived, bot: OpenId) -> Errand | None:
        """Return what is to be done about a message; None if it is for the model, or for nobody."""
        if self.policy.wants(message, bot):
            command = self._command(message.text_for(bot), message.sender)
            if command is not None:
                return command
        return self.listening(message, bot)

    def _command(self, text: str, user: OpenId) -> Errand | None:
        if text in (ALLOW, DENY):  # what it was about has heard it, or there is nothing
            return _Says(text, "", "")
        if (found := _COMMAND.fullmatch(text)) is None:
            return None
        name, words = found[1].lower(), (found[2] or "").strip()
        if command := self.commands.get(name):
            if may(self.policy, user, command):
                return _Runs(command, words)
            return _Says(name, ADMINS_ONLY["en"], ADMINS_ONLY["zh"])
        nearest = difflib.get_close_matches(name, self.commands, n=1, cutoff=_ALIKE)
        if not nearest:  # perhaps it is a path, or the model knows what it means
            return None
        return _Says(
            name, *(_UNKNOWN[language].format(name, nearest[0]) for language in ("en", "zh"))
        )


def may(policy: Policy, user: OpenId, command: Command) -> bool:
    """Whether a user may use a command: by the rules, and by how it was declared."""
    return policy.may(user, command.name) and (not command.admins or policy.is_admin(user))


@dataclass(frozen=True, slots=True)
class _Runs:
    command: Command
    words: str

    @property
    def name(self) -> str:
        return self.command.name

    async def run(self, turn: MessageTurn) -> Done:
        return await self.command.run(turn, self.words)


@dataclass(frozen=True, slots=True)
class _Says:
    """Only says something, in the language of who asked."""

    name: str
    en: str
    zh: str

    async def run(self, turn: MessageTurn) -> Done:
        return Done(self.zh if turn.language == "zh" else self.en)
