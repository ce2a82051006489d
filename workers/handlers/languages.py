"""Which language the bot's own words are in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.model.ids import history_of
from shared.model.language import language_of
from shared.model.message import MENTION
from workers.responders.exchange import read

if TYPE_CHECKING:
    from shared.model.ids import ConversationId
    from shared.model.language import Language
    from shared.model.message import MessageReceived
    from shared.settings import History as HistorySettings
    from shared.store.history import History

_COMMAND: Final = re.compile(r"\s*/[\w-]+")


@dataclass(frozen=True, slots=True)
class Languages:
    """Goes by what somebody says; a command or a picture says nothing of that, the past may."""

    history: History
    remembers: HistorySettings
    otherwise: Language

    def said(self, message: MessageReceived) -> Language:
        """Return the language of a message, by itself."""
        return self._heard(message) or self.otherwise

    async def of(self, message: MessageReceived, conversation: ConversationId) -> Language:
        """Return the language of a message, or else of what its sender said last.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        if language := self._heard(message):
            return language
        past = history_of(self.remembers.scope, conversation, message.sender)
        said = [said for each in read(await self.history.read(past)) for said in each.said]
        heard = (language_of(each.content) for each in reversed(said) if each.role == "user")
        return next(filter(None, heard), self.otherwise)

    def _heard(self, message: MessageReceived) -> Language | None:
        if message.kind not in ("text", "post"):  # its words are ours, such as [image]
            return None
        return language_of(_COMMAND.sub("", MENTION.sub("", message.text), count=1))
