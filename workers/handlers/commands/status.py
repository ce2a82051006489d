"""`/status`: how the bot stands in this conversation."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, ClassVar, Final

from workers.handlers.errand import Done

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.language import Language
    from shared.store.choices import Choices
    from shared.store.history import History
    from shared.store.notices import Notices
    from workers.handlers.message_turn import MessageTurn

_SAYS: Final = {
    "en": "Larkspur {version}\n- model: `{model}`\n- exchanges remembered: {past}\n"
    "- messages waiting: {waiting}",
    "zh": "Larkspur {version}\n- 模型：`{model}`\n- 记住的对话轮数：{past}\n"
    "- 等待中的消息：{waiting}",
}
_MOST: Final = 1000  # messages waiting that are counted


@dataclass(frozen=True, slots=True)
class Status:
    choices: Choices
    history: History
    notices: Notices

    name = "status"
    synopsis = "/status"
    admins = False
    about: ClassVar[Mapping[Language, str]] = {"en": "show how things stand", "zh": "查看状态"}

    async def run(self, turn: MessageTurn, _: str) -> Done:
        first = len(turn.turn.mails)
        waiting = await self.notices.mail(turn.conversation, first=first, last=first + _MOST)
        return Done(
            _SAYS[turn.language].format(
                version=version("larkspur-bot"),
                model=await self.choices.of(turn.chat) or self.choices.models[0],
                past=len(await self.history.read(turn.history)),
                waiting=len(waiting),
            )
        )
