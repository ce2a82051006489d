"""`/new`: what was said so far is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from workers.handlers.errand import Done

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.language import Language
    from workers.handlers.message_turn import MessageTurn

_SAYS: Final[Mapping[Language, str]] = {
    "en": "A new conversation: I have forgotten what was said before.",
    "zh": "新的对话开始了，之前的内容我已经忘记。",
}


class New:
    name = "new"
    synopsis = "/new"
    admins = False
    about: ClassVar[Mapping[Language, str]] = {
        "en": "begin a new conversation",
        "zh": "开始新的对话",
    }

    async def run(self, turn: MessageTurn, _: str) -> Done:
        return Done(_SAYS[turn.language], afresh=True)
