"""What a message is to the bot: asked of the model, an errand, a word to stop, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.model.ids import OpenId
    from shared.model.message import MessageReceived
    from workers.handlers.errand import Errand

STOP: Final = "/stop"
ALLOW: Final = "/allow"
DENY: Final = "/deny"


@dataclass(frozen=True, slots=True)
class Hearing:
    """Goes by who `wants` an answer, and by what there are `errands` for.

    `heeds` says whether what comes while a turn runs may end it.
    """

    wants: Callable[[MessageReceived, OpenId], bool]
    heeds: Callable[[MessageReceived, OpenId], bool]
    errands: Callable[[MessageReceived, OpenId], Errand | None]

    def asks(self, message: MessageReceived, bot: OpenId) -> bool:
        """Whether a person says something to the bot."""
        return self.wants(message, bot) and bool(message.text_for(bot))

    def stops(self, message: MessageReceived, bot: OpenId) -> bool:
        return self.says(message, bot) == STOP

    def says(self, message: MessageReceived, bot: OpenId) -> str:
        """Return what a person says to the bot, empty if it is nothing."""
        return message.text_for(bot) if self.wants(message, bot) else ""

    def errand(self, message: MessageReceived, bot: OpenId) -> Errand | None:
        """Return what is to be done about a message instead of asking the model."""
        return self.errands(message, bot)
