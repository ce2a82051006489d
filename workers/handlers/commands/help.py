"""`/help`: what this user may have the bot do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from workers.handlers.errand import Done

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared.model.ids import OpenId
    from shared.model.language import Language
    from workers.handlers.commands.command import Command
    from workers.handlers.message_turn import MessageTurn

_HEAD: Final = {
    "en": "Ask me anything; in a group, mention me. I also know:",
    "zh": "有问题直接问我；在群里请 @我。还可以使用：",
}
_STOP: Final = {"en": "stop the answer that is being written", "zh": "停止正在写的回答"}


@dataclass(frozen=True, slots=True)
class Help:
    commands: Mapping[str, Command]
    may: Callable[[OpenId, Command], bool]

    name = "help"
    synopsis = "/help"
    admins = False
    about: ClassVar[Mapping[Language, str]] = {"en": "show this", "zh": "显示本帮助"}

    async def run(self, turn: MessageTurn, _: str) -> Done:
        lines = [_HEAD[turn.language], f"- `/stop` {_STOP[turn.language]}"]
        lines += [
            f"- `{command.synopsis}` {command.about[turn.language]}".rstrip()
            for _, command in sorted(self.commands.items())
            if self.may(turn.user, command)
        ]
        return Done("\n".join(lines))
