"""`/usage`: what answers have taken, today and this month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from shared.store.usage import of_chat, of_user
from workers.handlers.errand import Done

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.language import Language
    from shared.store.usage import Accounts, Used
    from workers.handlers.message_turn import MessageTurn

_TITLES: Final = {
    "en": ("You, today", "You, this month", "This chat, today", "This chat, this month"),
    "zh": ("你，今天", "你，本月", "本聊天，今天", "本聊天，本月"),
}
_HEAD: Final = {
    "en": "| | tokens | US$ |\n|---|---|---|",
    "zh": "| | token 数 | 美元 |\n|---|---|---|",
}


@dataclass(frozen=True, slots=True)
class ShowUsage:
    accounts: Accounts

    name = "usage"
    synopsis = "/usage"
    admins = False
    about: ClassVar[Mapping[Language, str]] = {
        "en": "show the tokens and the money that answers took",
        "zh": "查看用量和费用",
    }

    async def run(self, turn: MessageTurn, _: str) -> Done:
        whose = [of_user(turn.user), of_chat(turn.chat)]
        today = await self.accounts.today(whose)
        months = [await self.accounts.this_month(each) for each in whose]
        totals = [used for pair in zip(today, months, strict=True) for used in pair]
        rows = [
            _row(title, used) for title, used in zip(_TITLES[turn.language], totals, strict=True)
        ]
        return Done("\n".join([_HEAD[turn.language], *rows]))


def _row(title: str, used: Used) -> str:
    return f"| {title} | {used.tokens:,} | {used.price / 1_000_000:.4f} |"
