"""`/model`: which model answers in this chat, and choosing another one."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from workers.handlers.errand import Done

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.language import Language
    from shared.store.choices import Choices
    from workers.handlers.message_turn import MessageTurn

_IS: Final = {
    "en": "`{}` answers here. You may choose: {}.",
    "zh": "这里由 `{}` 回答。可选：{}。",
}
_CHOSEN: Final = {"en": "`{}` answers here from now on.", "zh": "从现在起由 `{}` 回答。"}
_UNKNOWN: Final = {
    "en": "I know no `{}`. You may choose: {}.",
    "zh": "没有 `{}` 这个模型。可选：{}。",
}


@dataclass(frozen=True, slots=True)
class ChooseModel:
    """Models are those that the settings name; a part of a name will do if it fits only one."""

    choices: Choices

    name = "model"
    synopsis = "/model [name]"
    admins = False
    about: ClassVar[Mapping[Language, str]] = {
        "en": "show or choose the model",
        "zh": "查看或选择模型",
    }

    async def run(self, turn: MessageTurn, words: str) -> Done:
        every = ", ".join(f"`{name}`" for name in self.choices.models)
        if not words:
            chosen = await self.choices.of(turn.chat) or self.choices.models[0]
            return Done(_IS[turn.language].format(chosen, every))
        model = self._meant(words)
        if model is None:
            return Done(_UNKNOWN[turn.language].format(words[:100], every))
        await self.choices.choose(turn.chat, model)
        return Done(_CHOSEN[turn.language].format(model))

    def _meant(self, words: str) -> str | None:
        if words in self.choices.models:
            return words
        fitting = [name for name in self.choices.models if words.lower() in name.lower()]
        if len(fitting) == 1:
            return fitting[0]
        nearest = difflib.get_close_matches(words, self.choices.models, n=1, cutoff=0.8)
        return nearest[0] if nearest else None
